/** (g)(10) kit: «Standalone Patient App», «EHR Practitioner App», «Public Client», «Asymmetric Client», «App Launch with SMART v1 scopes». */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { askFhir, get, jsonOf } from './fixture/asked.ts'
import { discoveryChecks, launchChecks, openidChecks, refreshChecks } from './fixture/checks.ts'
import { type Check, group } from './fixture/group.ts'
import { type Launched, launch, read } from './fixture/launching.ts'
import { launchFromChart, patient, physician, useSandbox } from './fixture/sandbox.ts'
import { ehr, registeredScope, standalone } from './fixture/scopes.ts'
import { type AuthType, askToken, registerTester } from './fixture/tester.ts'

const house = useSandbox()

type Checks = readonly Check<Launched>[]

const forPatients =
  'launch-standalone client-public client-confidential-symmetric client-confidential-asymmetric sso-openid-connect context-standalone-patient permission-offline permission-patient authorize-post permission-v2 permission-v1'
const forPractitioners =
  'launch-ehr client-confidential-symmetric client-confidential-asymmetric sso-openid-connect context-banner context-style context-ehr-patient context-ehr-encounter permission-offline permission-user authorize-post permission-v2 permission-v1'

function capabilityCheck(needed: string): Checks {
  return [
    [
      'g10_smart_well_known_capabilities',
      'the capabilities of this scenario are published',
      ({ config }) =>
        assert.deepEqual(
          needed.split(' ').filter((one) => !config.capabilities.includes(one)),
          [],
        ),
    ],
  ]
}

const accessChecks: Checks = [
  [
    'g10_smart_scopes',
    'identity, launch, refresh and every type were granted, in the words they were asked in',
    ({ tokens, requestedScope }) => {
      const granted = new Set(tokens.scope.split(' '))
      assert.deepEqual(
        requestedScope.split(' ').filter((one) => !granted.has(one)),
        [],
      )
    },
  ],
  [
    'g10_unauthorized_access',
    'without a token a Patient is 401',
    async ({ fhir, tokens }) =>
      assert.equal((await askFhir(`${fhir}/Patient/${tokens.patient}`)).status, 401),
  ],
  [
    'g10_patient_context',
    'the patient of the context can be read',
    async (state) =>
      assert.equal(jsonOf(await read(state, `Patient/${state.tokens.patient}`)).resourceType, 'Patient'),
  ],
]

/** The first search of each type, as US Core has it, by the patient of the context. */
const firstSearches: readonly (readonly [type: string, query: string])[] = [
  ['Patient', '_id='],
  ['AllergyIntolerance', 'patient='],
  ['CarePlan', 'category=assess-plan&patient='],
  ['CareTeam', 'status=proposed&patient='],
  ['Condition', 'patient='],
  ['Coverage', 'patient='],
  ['Device', 'patient='],
  ['DiagnosticReport', 'category=LAB&patient='],
  ['DocumentReference', 'patient='],
  ['Encounter', 'patient='],
  ['Goal', 'patient='],
  ['Immunization', 'patient='],
  ['MedicationDispense', 'patient='],
  ['MedicationRequest', 'intent=proposal&patient='],
  ['Observation', 'code=2708-6&patient='],
  ['Procedure', 'patient='],
  ['ServiceRequest', 'patient='],
]

const unrestrictedChecks: Checks = firstSearches.map(([type, query]) => [
  `g10_unrestricted_resource_type_access, ${type}`,
  'the granted type is searched',
  async ({ fhir, tokens }) => {
    const url = `${fhir}/${type}?${query}${tokens.patient}`
    assert.equal(jsonOf(await askFhir(url, tokens.access_token)).resourceType, 'Bundle')
  },
])

const invalidRefresh: Checks = [
  [
    'g10_invalid_token_refresh',
    'a refresh token that is none is refused',
    async ({ tester, config, tokens }) => {
      for (const scope of [undefined, tokens.scope]) {
        const form = { grant_type: 'refresh_token', refresh_token: randomUUID(), ...(scope && { scope }) }
        assert.ok([400, 401].includes((await askToken(tester, config.token_endpoint, form)).status))
      }
    },
  ],
]

const contextChecks: Checks = [
  [
    'g10_encounter_context',
    'the encounter of the context can be read',
    async (state) =>
      assert.equal(
        jsonOf(await read(state, `Encounter/${state.tokens.encounter}`)).resourceType,
        'Encounter',
      ),
  ],
  [
    'g10_smart_style_url',
    'a style comes along, which is JSON',
    async ({ tokens }) => assert.ok(jsonOf(await get(tokens.smart_style_url)).color_background),
  ],
  [
    'g10_smart_need_patient_banner',
    'and whether the app has to show a banner',
    ({ tokens }) => assert.equal(typeof tokens.need_patient_banner, 'boolean'),
  ],
]

const patientApps: readonly (readonly [string, AuthType, 'read' | 'rs'])[] = [
  ['g10_smart_standalone_patient_app', 'symmetric', 'rs'],
  ['g10_public_standalone_launch', 'public', 'rs'],
  ['g10_asymmetric_launch', 'asymmetric', 'rs'],
  ['g10_smart_v1_scopes', 'symmetric', 'read'],
]

for (const [title, authType, letters] of patientApps)
  group(`${title}, ${authType}, .${letters}`, async () => {
    const base = house().baseUrl
    const tester = await registerTester(base, authType, registeredScope)
    return launch(base, tester, patient(base), { scope: standalone(letters) })
  }, [
    ...discoveryChecks('stu2_2'),
    ...capabilityCheck(forPatients),
    ...launchChecks('stu2_2'),
    ...accessChecks,
    ...openidChecks('stu2_2'),
    ...refreshChecks,
    ...accessChecks.slice(-1),
    ...invalidRefresh,
    ...unrestrictedChecks,
  ])

for (const [version, letters] of [
  ['stu1', 'read'],
  ['stu2_2', 'rs'],
] as const)
  group(`g10_smart_ehr_practitioner_app, ${version}`, async () => {
    const base = house().baseUrl
    const tester = await registerTester(base, 'symmetric', registeredScope)
    const visitor = physician(base)
    const arrival = await launchFromChart(base, tester, visitor)
    const method = version === 'stu1' ? 'GET' : 'POST'
    return launch(base, tester, visitor, {
      launch: arrival.get('launch') ?? '',
      method,
      scope: ehr(letters),
    })
  }, [
    ...discoveryChecks(version),
    ...capabilityCheck(forPractitioners),
    ...launchChecks(version),
    ...accessChecks,
    ...contextChecks,
    ...openidChecks(version),
    ...refreshChecks,
    ...accessChecks.slice(-1),
    ...invalidRefresh,
  ])

group('g10_ehr_patient_launch', async () => {
  const base = house().baseUrl
  const scope = 'launch openid fhirUser offline_access patient/Patient.rs'
  const tester = await registerTester(base, 'symmetric', registeredScope)
  const visitor = physician(base)
  const arrival = await launchFromChart(base, tester, visitor)
  return launch(base, tester, visitor, { launch: arrival.get('launch') ?? '', scope })
}, [
  ...launchChecks('stu2_2'),
  ...accessChecks.slice(-1),
  [
    'g10_patient_scope',
    'the patient-level scope was granted',
    ({ tokens }) => assert.ok(tokens.scope.split(' ').includes('patient/Patient.rs')),
  ],
])
