/** SMART App Launch test kit, group «EHR Launch» of STU1, STU2 and STU2.2: from the button beside a chart. */
import assert from 'node:assert/strict'
import { discoveryChecks, launchChecks, openidChecks, refreshChecks, type Version } from './fixture/checks.ts'
import { type Check, group } from './fixture/group.ts'
import { type Launched, launch } from './fixture/launching.ts'
import { launchFromChart, physician, useSandbox } from './fixture/sandbox.ts'
import { type AuthType, registerTester } from './fixture/tester.ts'

const house = useSandbox()

const scopes: Readonly<Record<Version, string>> = {
  stu1: 'launch openid fhirUser offline_access user/*.read',
  stu2: 'launch openid fhirUser offline_access patient/*.rs',
  stu2_2: 'launch openid fhirUser offline_access patient/*.rs',
}

type Arrived = Launched & { readonly arrival: URLSearchParams }

const arrivalChecks: readonly Check<Arrived>[] = [
  [
    'smart_app_launch',
    'the browser comes to the launch address with the iss of this server',
    ({ arrival, fhir }) => assert.equal(arrival.get('iss'), fhir),
  ],
  ['smart_launch_received', 'and with a launch', ({ arrival }) => assert.ok(arrival.get('launch'))],
]

const rows: readonly (readonly [Version, AuthType, 'GET' | 'POST'])[] = [
  ['stu1', 'public', 'GET'],
  ['stu1', 'symmetric', 'GET'],
  ['stu2', 'symmetric', 'POST'],
  ['stu2_2', 'public', 'POST'],
  ['stu2_2', 'symmetric', 'GET'],
  ['stu2_2', 'asymmetric', 'POST'],
]

for (const [version, authType, method] of rows)
  group<Arrived>(`smart_full_ehr_launch, ${version}, ${authType}, ${method}`, async () => {
    const base = house().baseUrl
    const tester = await registerTester(base, authType, scopes[version])
    const visitor = physician(base)
    const arrival = await launchFromChart(base, tester, visitor)
    const parameters = { launch: arrival.get('launch') ?? '', method }
    return { ...(await launch(base, tester, visitor, parameters)), arrival }
  }, [
    ...discoveryChecks(version),
    ...arrivalChecks,
    ...launchChecks(version),
    ...openidChecks(version),
    ...refreshChecks,
  ])
