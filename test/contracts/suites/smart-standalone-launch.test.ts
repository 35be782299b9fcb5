/** SMART App Launch test kit, group «Standalone Launch» of STU1, STU2 and STU2.2, for each kind of app. */
import { discoveryChecks, launchChecks, openidChecks, refreshChecks, type Version } from './fixture/checks.ts'
import { group } from './fixture/group.ts'
import { launch } from './fixture/launching.ts'
import { parent, patient, physician, useSandbox } from './fixture/sandbox.ts'
import { type AuthType, registerTester } from './fixture/tester.ts'

const house = useSandbox()

/** What the suite asks for where nobody changes it. */
const scopes: Readonly<Record<Version, string>> = {
  stu1: 'launch/patient openid fhirUser offline_access patient/*.read',
  stu2: 'launch/patient openid fhirUser offline_access patient/*.rs',
  stu2_2: 'launch/patient openid fhirUser offline_access patient/*.rs',
}

const rows: readonly (readonly [Version, AuthType, 'GET' | 'POST'])[] = [
  ['stu1', 'public', 'GET'],
  ['stu1', 'symmetric', 'GET'],
  ['stu2', 'public', 'POST'],
  ['stu2', 'symmetric', 'GET'],
  ['stu2', 'asymmetric', 'POST'],
  ['stu2_2', 'public', 'GET'],
  ['stu2_2', 'symmetric', 'POST'],
  ['stu2_2', 'asymmetric', 'GET'],
]

for (const [version, authType, method] of rows)
  for (const [who, visitor] of [
    ['a patient', patient],
    ['a clinician', physician],
    ['a parent', parent],
  ] as const)
    group(`smart_full_standalone_launch, ${version}, ${authType}, ${method}, ${who}`, async () => {
      const base = house().baseUrl
      const tester = await registerTester(base, authType, scopes[version])
      return launch(base, tester, visitor(base), { method })
    }, [...discoveryChecks(version), ...launchChecks(version), ...openidChecks(version), ...refreshChecks])
