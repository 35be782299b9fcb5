/** (g)(10) kit: what a person does not allow, what is revoked, and requests that have to fail. */
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { askFhir, jsonOf } from './fixture/asked.ts'
import { launchChecks } from './fixture/checks.ts'
import { type Check, group } from './fixture/group.ts'
import { authorize, discover, type Launched, launch, read, redeem } from './fixture/launching.ts'
import { patient, useSandbox } from './fixture/sandbox.ts'
import { standalone } from './fixture/scopes.ts'
import { askToken, redirectUri, registerTester, type Tester } from './fixture/tester.ts'

const house = useSandbox()

const expected = ['Patient', 'Condition', 'Observation']
const denied = [
  'AllergyIntolerance',
  'CarePlan',
  'CareTeam',
  'Coverage',
  'Device',
  'DiagnosticReport',
  'DocumentReference',
  'Encounter',
  'Goal',
  'Immunization',
  'MedicationDispense',
  'MedicationRequest',
  'Procedure',
  'ServiceRequest',
]

/** Unticks every type of a record but those. */
function untick(fields: readonly [string, string][]): [string, string][] {
  return fields.filter(([name, value]) => {
    const type = /^patient\/([A-Za-z]+)\./.exec(value)?.[1]
    return name !== 'scope' || type === undefined || expected.includes(type)
  })
}

const searched = async ({ fhir, tokens }: Launched, type: string) => {
  const query = type === 'Patient' ? '_id' : 'patient'
  return askFhir(`${fhir}/${type}?${query}=${tokens.patient}`, tokens.access_token)
}

const limitedChecks: readonly Check<Launched>[] = [
  // Not every scope that was asked for is granted here, so the check of the body is not the usual one.
  ...launchChecks('stu2_2').filter(([id]) => id !== 'smart_token_response_body'),
  [
    'g10_patient_context',
    'the patient can be read',
    async (state) => assert.equal((await read(state, `Patient/${state.tokens.patient}`)).status, 200),
  ],
  [
    'g10_limited_scope_grant',
    'what was ticked was granted, and nothing else',
    ({ tokens }) => {
      const types = tokens.scope
        .split(' ')
        .flatMap((one: string) => /^patient\/([A-Za-z*]+)\./.exec(one)?.[1] ?? [])
      assert.deepEqual(types.toSorted(), expected.toSorted())
    },
  ],
  ...expected.map(
    (type): Check<Launched> => [
      `g10_restricted_access_test, ${type}`,
      'is searched',
      async (state) => assert.equal((await searched(state, type)).status, 200),
    ],
  ),
  ...denied.map(
    (type): Check<Launched> => [
      `g10_restricted_access_test, ${type}`,
      'is 401 or 403',
      async (state) => assert.ok([401, 403].includes((await searched(state, type)).status)),
    ],
  ),
]

for (const letters of ['read', 'rs'] as const)
  group(
    `g10_smart_limited_app, .${letters}`,
    async () => {
      const base = house().baseUrl
      const tester = await registerTester(base, 'symmetric', standalone(letters))
      // The kit has the same app ask for the same as in the group before, where everything was allowed.
      await launch(base, tester, patient(base))
      return launch(base, tester, patient(base, { consent: untick }))
    },
    limitedChecks,
  )

interface Ready {
  readonly base: string
  readonly tester: Tester
  readonly tokenUrl: string
}

async function ready(): Promise<Ready> {
  const base = house().baseUrl
  const tester = await registerTester(base, 'symmetric', standalone('rs'))
  return { base, tester, tokenUrl: jsonOf(await discover(base)).token_endpoint }
}

const invalidTokenChecks: readonly Check<Ready>[] = [
  [
    'g10_smart_invalid_token_request, Test03',
    'an invalid code is refused with 400',
    async ({ base, tester, tokenUrl }) => {
      const authorized = await authorize(base, tester, patient(base))
      assert.equal((await redeem(tester, tokenUrl, authorized, { code: 'BAD_CODE' })).status, 400)
    },
  ],
  [
    'g10_smart_invalid_token_request, Test04',
    'an invalid client id with 400 or 401',
    async ({ base, tester, tokenUrl }) => {
      const authorized = await authorize(base, tester, patient(base))
      const other = { ...tester, clientId: 'BAD_CLIENT_ID' }
      assert.ok([400, 401].includes((await redeem(other, tokenUrl, authorized)).status))
    },
  ],
  [
    'g10_smart_invalid_aud',
    'no code comes back for another audience',
    async ({ base, tester }) => {
      const { back } = await authorize(base, tester, patient(base), {
        aud: 'https://inferno.healthit.gov/invalid_aud',
      })
      assert.equal(back.searchParams.get('code'), null)
      assert.ok(back.searchParams.get('error'))
    },
  ],
]

group('g10_smart_invalid_token_request, g10_smart_invalid_aud', ready, invalidTokenChecks)

/** By the suite's names, what is sent as the verifier. */
const verifiers: readonly (readonly [
  string,
  string,
  (launched: { verifier: string; challenge: string }) => string | undefined,
])[] = [
  ['smart_no_verifier_token_request', 'none', () => undefined],
  ['smart_blank_verifier_token_request', 'an empty one', () => ''],
  ['smart_bad_code_verifier_token_request', 'another one', () => `${randomUUID()}-${randomUUID()}`],
  ['smart_plain_code_verifier_token_request', 'the challenge itself', ({ challenge }) => challenge],
]

group(
  'g10_smart_invalid_pkce_code_verifier_group',
  ready,
  verifiers.map(
    ([id, what, make]): Check<Ready> => [
      id,
      `as the verifier ${what} is refused`,
      async ({ base, tester, tokenUrl }) => {
        const authorized = await authorize(base, tester, patient(base))
        const challenge = createHash('sha256').update(authorized.verifier).digest('base64url')
        const code_verifier = make({ ...authorized, challenge })
        const form = {
          code: authorized.back.searchParams.get('code') ?? '',
          redirect_uri: redirectUri,
          grant_type: 'authorization_code',
          ...(code_verifier !== undefined && { code_verifier }),
        }
        assert.ok([400, 401].includes((await askToken(tester, tokenUrl, form)).status))
      },
    ],
  ),
)
