/**
 * The store's query language and the check of a single resource must say the same of every clause and every reach:
 * one narrows what is found, the other decides what leaves. Here both are asked about made-up resources.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { referencesOf } from '../../src/resource/search/include.ts'
import { clauseHolds, createMatches } from '../../src/resource/search/matches.ts'
import type { Clause } from '../../src/resource/search/plan.ts'
import { planSearch } from '../../src/resource/search/plan-search.ts'
import { createVocabulary } from '../../src/resource/search/terminology.ts'
import type { Resource } from '../../src/smart/resource.ts'
import { inReach, type Reach, type Slice } from '../../src/smart/slice.ts'
import { everything } from './repository-fixtures.ts'
import { base, type Made } from './repository-setting.ts'

const systems = ['urn:a', 'urn:b', undefined]
const codes = ['x', 'y', 'X', 'x|y', 'x,y']
const people = [
  'Patient/p1',
  'Patient/p2',
  'Practitioner/p1',
  'https://else.example/Patient/p1',
  '#p1',
  'urn:uuid:1',
]
const dates = [
  '2023',
  '2024',
  '2024-02',
  '2024-02-29',
  '2024-02-29T12:00:00Z',
  '2024-02-29T23:30:00-05:00',
  '2024-03-01T00:00:00.000Z',
]
const words = ['Ann', 'ann', 'Änn', 'Annabel', 'Bo', 'o', '%', '_']
const amounts = [0, 1, 1.5, 2, 100, 99.5, -1]

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })
const coding = fc.record({ system: fc.constantFrom(...systems), code: maybe(fc.constantFrom(...codes)) })
const displayed = fc.record({
  system: fc.constantFrom(...systems),
  code: maybe(fc.constantFrom(...codes)),
  display: maybe(fc.constantFrom('Blood glucose', 'Höhe, im Stehen')),
})
const concept = fc.record({
  coding: maybe(fc.array(displayed, { maxLength: 2 })),
  text: maybe(fc.constantFrom('text', 'glucose in blood')),
})
const reference = fc.oneof(
  fc.record({ reference: fc.constantFrom(...people) }),
  fc.record({
    identifier: fc.record({ system: fc.constantFrom(...systems), value: fc.constantFrom(...codes) }),
  }),
)
const period = fc.record({ start: maybe(fc.constantFrom(...dates)), end: maybe(fc.constantFrom(...dates)) })
const quantity = fc.record({
  value: maybe(fc.constantFrom(...amounts)),
  comparator: fc.constantFrom('<', '>', undefined, undefined),
  unit: fc.constantFrom('x', undefined),
  system: fc.constantFrom(...systems),
  code: fc.constantFrom('x', 'y', undefined),
})
const meta = fc.record({
  security: fc.array(coding, { maxLength: 1 }),
  tag: fc.array(coding, { maxLength: 2 }),
  profile: fc.array(fc.constantFrom('http://a/x', 'http://a/x/y', 'http://a/x/y|1', 'http://a/xy'), {
    maxLength: 1,
  }),
})

const observation = fc.record({
  resourceType: fc.constant('Observation'),
  meta: maybe(meta),
  status: fc.constantFrom('final', 'amended'),
  category: maybe(fc.array(concept, { maxLength: 2 })),
  code: concept,
  subject: maybe(reference),
  performer: maybe(fc.array(reference, { maxLength: 2 })),
  effectiveDateTime: maybe(fc.constantFrom(...dates)),
  effectivePeriod: maybe(period),
  valueQuantity: maybe(quantity),
  valueString: maybe(fc.constantFrom(...words)),
  component: maybe(
    fc.array(
      fc.record({ code: concept, valueQuantity: maybe(quantity), valueCodeableConcept: maybe(concept) }),
      {
        maxLength: 2,
      },
    ),
  ),
})
const identifier = fc.record({
  type: maybe(concept),
  system: fc.constantFrom(...systems),
  value: fc.constantFrom(...codes),
})
const patient = fc.record({
  resourceType: fc.constant('Patient'),
  meta: maybe(meta),
  identifier: maybe(fc.array(identifier, { maxLength: 2 })),
  name: maybe(
    fc.array(
      fc.record({
        family: maybe(fc.constantFrom(...words)),
        given: maybe(fc.array(fc.constantFrom(...words))),
      }),
    ),
  ),
  birthDate: maybe(fc.constantFrom('2023', '2024-02', '2024-02-29')),
  deceasedBoolean: maybe(fc.boolean()),
  link: maybe(fc.array(fc.record({ other: reference }), { maxLength: 1 })),
})

/** Twenty resources with ids p0, p1, … so that references between them may meet. */
const records = fc
  .array(fc.oneof(observation, observation, patient), { minLength: 20, maxLength: 20 })
  .map((resources) => resources.map((resource, at) => asSent({ ...resource, id: `p${at}` })))

function asSent(resource: object): Resource {
  return JSON.parse(JSON.stringify(resource)) as Resource
}

const escapeValue = (text: string) => text.replace(/[\\,|$]/g, '\\$&')
const prefixes = ['', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap']
const tokenText = fc
  .tuple(fc.constantFrom('', '|', 'urn:a|', 'urn:b|', 'urn:never|'), fc.constantFrom(...codes, 'final', ''))
  .map(([system, code]) => system + escapeValue(code))
  .filter((text) => text !== '' && text !== '|')
const dateText = fc
  .tuple(fc.constantFrom(...prefixes), fc.constantFrom(...dates))
  .map((parts) => parts.join(''))
const amountText = fc
  .tuple(
    fc.constantFrom(...prefixes),
    fc.constantFrom('1', '1.5', '1.50', '100', '1e2', '-1'),
    fc.constantFrom('', '||x', '|urn:a|x', '|urn:a|'),
  )
  .map((parts) => parts.join(''))
const referenceText = fc.constantFrom(
  'p1',
  'Patient/p1',
  'Practitioner/p1',
  `${base}/Patient/p2`,
  ...people.filter((text) => text.includes(':')),
)
const wordText = fc.constantFrom(...words).map(escapeValue)

const statusText = fc.constantFrom(
  'http://hl7.org/fhir/observation-status|final',
  'http://hl7.org/fhir/observation-status|',
  'urn:a|final',
  '|final',
)
const phraseText = fc.constantFrom('blood', 'GLUC', 'hohe steh', 'in blood', 'lood', 'text')
const uriText = fc.constantFrom('http://a/x', 'http://a/x/y', 'http://a')
const pairText = (second: fc.Arbitrary<string>) =>
  fc.tuple(fc.constantFrom('x', 'y', 'urn:a|x', '|y'), second).map((parts) => parts.join('$'))
const typedText = fc.constantFrom('urn:a|x|x', 'urn:b|y|y', 'urn:a|X|x')
const setText = fc.constantFrom('http://sets/listed', 'http://sets/whole')

/** What the value sets and code systems of these searches say. */
const vocabulary = createVocabulary([
  {
    resourceType: 'ValueSet',
    url: 'http://sets/listed',
    compose: { include: [{ system: 'urn:a', concept: [{ code: 'x' }, { code: 'y' }] }] },
  },
  { resourceType: 'ValueSet', url: 'http://sets/whole', compose: { include: [{ system: 'urn:b' }] } },
  {
    resourceType: 'CodeSystem',
    url: 'urn:a',
    concept: [{ code: 'x', concept: [{ code: 'y', concept: [{ code: 'X' }] }] }],
  },
])

function items(
  names: readonly string[],
  text: fc.Arbitrary<string>,
): fc.Arbitrary<readonly [string, string]> {
  const values = fc.array(text, { minLength: 1, maxLength: 3 }).map((alternatives) => alternatives.join(','))
  const missing = fc.tuple(
    fc.constantFrom(...names).map((name) => `${name.split(':')[0]}:missing`),
    fc.constantFrom('true', 'false'),
  )
  return fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...names), values) },
    { weight: 1, arbitrary: missing },
  )
}

const common = fc.oneof(
  items(['_tag', '_security', '_tag:not', '_security:not'], tokenText),
  items(['_profile', '_profile:below', '_profile:above'], uriText),
)
const observationItem = fc.oneof(
  common,
  items(
    ['code', 'category', 'status', 'code:not', 'category:not', 'combo-code', 'subject:identifier'],
    tokenText,
  ),
  items(['date'], dateText),
  items(['value-quantity'], amountText),
  items(['subject', 'patient', 'performer', 'subject:Patient', 'performer:Practitioner'], referenceText),
  items(['value-string', 'value-string:exact', 'value-string:contains'], wordText),
  items(['status', 'status:not'], statusText),
  items(['code:text', 'category:text'], phraseText),
  items(['code:in', 'code:not-in', 'category:in'], setText),
  items(['code:below', 'code:above'], fc.constantFrom('urn:a|x', 'urn:a|y', 'urn:a|X')),
  items(
    ['code-value-quantity', 'combo-code-value-quantity', 'component-code-value-quantity'],
    pairText(amountText),
  ),
  items(['component-code-value-concept', 'combo-code-value-concept'], pairText(tokenText)),
  items(['code-value-string'], pairText(wordText)),
)
const patientItem = fc.oneof(
  common,
  items(['name', 'family', 'family:exact', 'name:contains', 'given'], wordText),
  items(['birthdate'], dateText),
  items(['deceased', 'deceased:not'], fc.constantFrom('true', 'false')),
  items(['_id', '_id:not'], fc.constantFrom('p1', 'p2', 'p3')),
  items(['link'], referenceText),
  items(['identifier:of-type'], typedText),
)
/** The beginnings of chains, with what may follow. */
const patientChains = {
  'link:Patient.': patientItem,
  '_has:Observation:subject:': observationItem,
  '_has:Observation:performer:': observationItem,
  'link._has:Observation:patient:': observationItem,
}
const observationChains = {
  'subject:Patient.': patientItem,
  'patient.link:Patient.': patientItem,
  'performer:Patient._has:Observation:subject:': observationItem,
  'subject:Patient._has:Observation:performer:subject:Patient.': patientItem,
}

function chainFrom(
  chains: Readonly<Record<string, fc.Arbitrary<readonly [string, string]>>>,
): fc.Arbitrary<readonly [string, string]> {
  return fc.oneof(
    ...Object.entries(chains).map(([beginning, item]) =>
      item.map(([name, value]) => [beginning + name, value] as const),
    ),
  )
}

const query = fc.oneof(
  fc.record({
    type: fc.constant('Observation'),
    parameters: fc.array(observationItem, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    type: fc.constant('Patient'),
    parameters: fc.array(patientItem, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ type: fc.constant('*'), parameters: fc.array(common, { minLength: 0, maxLength: 2 }) }),
)

const faulty = fc.constantFrom(
  ['colour', 'red'] as const,
  ['date', 'soon'] as const,
  ['code:below', 'urn:never|x'] as const,
  ['subject.name', 'Ann'] as const,
  ['_has:Observation:subject:code', 'x'] as const,
)
const slice: fc.Arbitrary<Slice> = fc.record({
  type: fc.constantFrom('Observation', 'Patient', '*', '*'),
  compartments: fc.oneof(
    fc.constant([]),
    fc.subarray(['Patient/p1', 'Patient/p2', 'Practitioner/p1', 'Patient/p3'], { maxLength: 2 }),
  ),
  filter: fc
    .array(
      fc.oneof(
        { weight: 8, arbitrary: fc.oneof(observationItem, patientItem) },
        { weight: 1, arbitrary: faulty },
      ),
      { maxLength: 2 },
    )
    .map((filter) => filter.map(([parameter, value]) => ({ parameter, value }))),
})
const reach: fc.Arbitrary<Reach> = fc.record({
  within: fc.array(slice, { maxLength: 4 }),
  without: fc.array(slice, { maxLength: 2 }),
})

const chained = fc.oneof(
  fc.record({ type: fc.constant('Observation'), parameters: fc.tuple(chainFrom(observationChains)) }),
  fc.record({ type: fc.constant('Patient'), parameters: fc.tuple(chainFrom(patientChains), patientItem) }),
)

/** Runs the comparison on what `make` gives. */
export function agreementContract(name: string, make: () => Promise<Made>): void {
  test(`${name}: a chain finds what leads to something that is in reach itself`, async () => {
    await compare(make, fc.tuple(chained, reach), 20)
  })
  test(`${name}: a query finds exactly what each clause says of each resource`, async () => {
    await compare(make, fc.tuple(query, fc.constant(everything)), 40)
  })
  test(`${name}: a query finds exactly what is in reach`, async () => {
    await compare(make, fc.tuple(query, reach), 40)
  })
}

type Asked = [{ type: string; parameters: (readonly [string, string])[] }, Reach]

async function compare(make: () => Promise<Made>, asked: fc.Arbitrary<Asked>, runs: number): Promise<void> {
  const property = fc.asyncProperty(
    records,
    fc.array(asked, { minLength: 25, maxLength: 25 }),
    async (resources, questions) => {
      const made = await make()
      try {
        await made.repository.putAll(resources)
        for (const question of questions) await compareOne(made, resources, question)
      } finally {
        await made.close()
      }
    },
  )
  await fc.assert(property, { numRuns: runs })
}

async function compareOne(
  { repository }: Made,
  resources: readonly Resource[],
  [{ type, parameters }, reach]: Asked,
): Promise<void> {
  const { plan } = planSearch({
    type,
    parameters,
    reach,
    base,
    strict: true,
    reachFor: () => reach,
    vocabulary,
    reachVocabulary: vocabulary,
  })
  const matches = createMatches(vocabulary)
  const visible = resources.filter((resource) => inReach(resource, reach, matches))
  const expected = visible.filter(
    (resource) =>
      (type === '*' || resource.resourceType === type) &&
      plan.clauses.every((clause) => holdsAmong(visible, resource, clause)),
  )
  const page = await repository.search(plan)
  assert.deepEqual(
    page.matches.map(({ id }) => id),
    expected.map(({ id }) => id),
  )
  assert.equal((await repository.search({ ...plan, count: 0 })).total, expected.length)
}

/** What a clause says of a resource among others: a chain is followed one by one, and only to what is in reach. */
function holdsAmong(visible: readonly Resource[], resource: Resource, clause: Clause): boolean {
  if (clause.kind !== 'link') return clauseHolds(resource, clause)
  return clause.any.some(({ type, parameter, clauses }) =>
    visible.some((other) => {
      const [from, to] = clause.reverse ? [other, resource] : [resource, other]
      return (
        other.resourceType === type &&
        referencesOf(from, parameter.code).some((one) => one.type === to.resourceType && one.id === to.id) &&
        clauses.every((further) => holdsAmong(visible, other, further))
      )
    }),
  )
}
