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
const usCore = 'http://hl7.org/fhir/us/core/CodeSystem'
const onePartEach = [
  `patient/Condition.rs?category=${terminology}/condition-category|problem-list-item`,
  `patient/Observation.rs?category=${terminology}/observation-category|laboratory`,
]
/** Encounter Diagnosis, Problem List, Health Concern; Clinical Test, Laboratory, Social History, SDOH, Survey, Vital Signs. */
const everyPart = [
  `patient/Condition.rs?category=${terminology}/condition-category|encounter-diagnosis`,
  `patient/Condition.rs?category=${terminology}/condition-category|problem-list-item`,
  `patient/Condition.rs?category=${usCore}/condition-category|health-concern`,
  ...['procedure', 'laboratory', 'social-history', 'survey', 'vital-signs'].map(
    (code) => `patient/Observation.rs?category=${terminology}/observation-category|${code}`,
  ),
  `patient/Observation.rs?category=${usCore}/us-core-category|sdoh`,
]

/** Opens «Only a part», and ticks these: all have to be on the page, or the form is refused. */
for (const [which, parts] of [
  ['one part each', onePartEach],
  ['every part that the criterion names', everyPart],
] as const)
  group<Launched>(`g10_smart_granular_scope_selection, ${which}`, async () => {
    const base = house().baseUrl
    const scope =
      'launch/patient openid fhirUser offline_access patient/Condition.rs patient/Observation.rs patient/Patient.rs'
    const tester = await registerTester(base, 'symmetric', scope)
    const narrow = (fields: readonly [string, string][]): [string, string][] => [
      ...fields,
      ...parts.map((part): [string, string] => ['part', part]),
    ]
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
