/** (g)(10) kit: «Granular Scope Selection» and «Token Revocation», which a person does at this server's own pages. */
import assert from 'node:assert/strict'
import { parseForms } from '../../fixtures/forms.ts'
import type { Visitor } from '../../fixtures/visitor.ts'
import { type Check, group } from './fixture/group.ts'
import { type Launched, launch, read, refresh } from './fixture/launching.ts'
import { patient, useSandbox } from './fixture/sandbox.ts'
import { registerTester } from './fixture/tester.ts'

const house = useSandbox()

const terminology = 'http://terminology.hl7.org/CodeSystem'
const parts = [
  `patient/Condition.rs?category=${terminology}/condition-category|problem-list-item`,
  `patient/Observation.rs?category=${terminology}/observation-category|laboratory`,
]

/** Opens «Only a part», and ticks one of Condition and one of Observation. */
function narrow(fields: readonly [string, string][]): [string, string][] {
  return [...fields, ...parts.map((part): [string, string] => ['part', part])]
}

group<Launched>('g10_smart_granular_scope_selection', async () => {
  const base = house().baseUrl
  const scope =
    'launch/patient openid fhirUser offline_access patient/Condition.rs patient/Observation.rs patient/Patient.rs'
  const tester = await registerTester(base, 'symmetric', scope)
  return launch(base, tester, patient(base, { consent: narrow }))
}, [
  [
    'g10_smart_granular_scope_selection',
    'parts were granted instead of the whole types, and the Patient whole',
    ({ tokens }) => {
      const granted: string[] = tokens.scope.split(' ')
      for (const part of parts) assert.ok(granted.includes(part), part)
      assert.deepEqual(
        granted.filter((one) => /^patient\/(Condition|Observation)\.[a-z*]+$/.test(one)),
        [],
      )
      assert.ok(granted.includes('patient/Patient.rs'))
    },
  ],
])

type Revoked = Launched & { readonly visitor: Visitor }

const revocationChecks: readonly Check<Revoked>[] = [
  [
    'g10_token_revocation, attestation',
    'the patient ends what the app has, in their own account',
    async ({ base, visitor, tester }) => {
      const { url, page } = await visitor.arrive(`${base}/account/apps`)
      const form = parseForms(page).find(({ fields }) =>
        fields.some(([, value]) => value === tester.clientId),
      )
      assert.ok(form, page.slice(0, 2000))
      const body = new URLSearchParams([...form.fields].map(([name, value]) => [name, value])).toString()
      const reply = await visitor.send(new URL(form.action, url).href, body)
      assert.ok(reply.status < 400, String(reply.status))
    },
  ],
  [
    'g10_token_revocation, read',
    'the patient cannot be read any more',
    async (state) =>
      assert.ok([401, 403, 404].includes((await read(state, `Patient/${state.tokens.patient}`)).status)),
  ],
  [
    'g10_token_revocation, refresh',
    'nor is anything refreshed',
    async (state) => assert.ok([400, 401].includes((await refresh(state)).status)),
  ],
]

group<Revoked>(
  'g10_token_revocation',
  async () => {
    const base = house().baseUrl
    const tester = await registerTester(
      base,
      'symmetric',
      'launch/patient openid fhirUser offline_access patient/*.rs',
    )
    const visitor = patient(base)
    return { ...(await launch(base, tester, visitor)), visitor }
  },
  revocationChecks,
)
