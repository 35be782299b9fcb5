/** US Core kit 7.0.0 and 8.0.0: the CapabilityStatement, and for each type searches in all their variants, reads, Provenance and references. */
import assert from 'node:assert/strict'
import { askFhir, type Json, jsonOf } from './fixture/asked.ts'
import { type Check, group } from './fixture/group.ts'
import { launch } from './fixture/launching.ts'
import { physician, usCorePatient, useSandbox } from './fixture/sandbox.ts'
import { usCoreScope } from './fixture/scopes.ts'
import { idsOf, type Searcher, searchAll } from './fixture/searching.ts'
import { registerTester } from './fixture/tester.ts'
import {
  comparisonsOf,
  queryOf,
  type SearchedType,
  searchedTypes,
  severalValues,
} from './fixture/us-core-searches.ts'

const house = useSandbox()

async function searcher(): Promise<Searcher> {
  const base = house().baseUrl
  const tester = await registerTester(base, 'symmetric', usCoreScope)
  const { tokens, fhir } = await launch(base, tester, physician(base))
  return { fhir, accessToken: tokens.access_token }
}

const profiles = 'http://hl7.org/fhir/us/core/StructureDefinition'

group(
  'us_core_v700_capability_statement',
  async () => jsonOf(await askFhir(`${house().baseUrl}/fhir/metadata`)),
  [
    [
      'us_core_conformance_support',
      'is there without a token',
      (statement: Json) => assert.equal(statement.resourceType, 'CapabilityStatement'),
    ],
    ['us_core_fhir_version', 'is of R4', (statement) => assert.equal(statement.fhirVersion, '4.0.1')],
    ['us_core_json_support', 'names JSON', (statement) => assert.ok(statement.format.includes('json'))],
    [
      'us_core_profile_support',
      'names the profiles',
      ({ rest }) => {
        const named = rest[0].resource.flatMap(({ supportedProfile = [] }: Json) => supportedProfile)
        assert.ok(named.includes(`${profiles}/us-core-patient`))
        // One more is enough for the suite; here there are as many types as it searches, and Medication and Provenance.
        const types = rest[0].resource.filter(({ supportedProfile }: Json) => supportedProfile)
        assert.equal(types.length, searchedTypes.length + 2)
      },
    ],
    [
      'us_core_instantiate',
      'instantiates the US Core server',
      (statement) =>
        assert.ok(
          statement.instantiates.includes('http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server'),
        ),
    ],
    [
      'us_core_search_parameters',
      'names every parameter that is searched with',
      ({ rest }) => {
        for (const { type, searches } of searchedTypes) {
          const { searchParam } = rest[0].resource.find((row: Json) => row.type === type)
          const named = new Set(searchParam.map(({ name }: Json) => name))
          assert.deepEqual(
            searches.flat().filter((name) => !named.has(name)),
            [],
            type,
          )
        }
      },
    ],
  ],
)

/** What the kit tries once with a search that found something. */
function variantChecks(one: SearchedType): Check<Searcher>[] {
  const { type, resource, systems, searches } = one
  const id = String(resource.id)
  return searches.map((names) => {
    const query = queryOf(one, names)
    return [
      `${type}?${names.join('&')}`,
      'finds the record by GET and by POST, by the patient as a reference, with systems, and by every comparison',
      async (state) => {
        const expected = idsOf(await searchAll(state, type, query), type)
        assert.ok(expected.includes(id), JSON.stringify(query))
        const same = [searchAll(state, type, query, 'POST')]
        if (names.includes('patient')) {
          same.push(searchAll(state, type, { ...query, patient: `Patient/${usCorePatient}` }))
        }
        for (const found of await Promise.all(same)) assert.deepEqual(idsOf(found, type), expected)
        const others = [
          ...names
            .filter((name) => name in systems)
            .map((name) => ({ ...query, [name]: systems[name] ?? '' })),
          ...names.flatMap((name) => comparisonsOf(name).map((value) => ({ ...query, [name]: value }))),
          ...names
            .filter((name) => severalValues[type]?.[name] !== undefined)
            .map((name) => ({ ...query, [name]: severalValues[type]?.[name] ?? '' })),
        ]
        for (const other of others) {
          assert.ok(idsOf(await searchAll(state, type, other), type).includes(id), JSON.stringify(other))
        }
      },
    ]
  })
}

/** Nobody says where these come from. */
const reference = new Set(['Location', 'Organization', 'Practitioner', 'PractitionerRole'])

function otherChecks(one: SearchedType): Check<Searcher>[] {
  const { type, resource } = one
  const id = String(resource.id)
  const first = queryOf(one, one.searches[0] ?? [])
  const checks: (Check<Searcher> | false)[] = [
    [
      `${type} read`,
      'is read by its id',
      async ({ fhir, accessToken }) => {
        const read = jsonOf(await askFhir(`${fhir}/${type}/${id}`, accessToken))
        assert.deepEqual([read.resourceType, read.id], [type, id])
        const version = await askFhir(`${fhir}/${type}/${id}/_history/${read.meta.versionId}`, accessToken)
        assert.equal(jsonOf(version).id, id)
        assert.equal(jsonOf(await askFhir(`${fhir}/${type}/${id}/_history`, accessToken)).type, 'history')
      },
    ],
    !reference.has(type) && [
      `${type}?_revinclude=Provenance:target`,
      'brings where it comes from',
      async (state) => {
        const found = await searchAll(state, type, { ...first, _revinclude: 'Provenance:target' })
        assert.ok(idsOf(found, 'Provenance').includes(`of-${type.toLowerCase()}`))
      },
    ],
    'medicationReference' in resource && [
      `${type}?_include=${type}:medication`,
      'brings the medication',
      async (state) => {
        const found = await searchAll(state, type, { ...first, _include: `${type}:medication` })
        assert.deepEqual(idsOf(found, 'Medication'), ['pill'])
      },
    ],
    [
      `${type} reference resolution`,
      'what it points to is read with the same token',
      async ({ fhir, accessToken }) => {
        for (const target of referencesIn(resource)) {
          const read = jsonOf(await askFhir(`${fhir}/${target}`, accessToken))
          assert.equal(`${read.resourceType}/${read.id}`, target)
        }
      },
    ],
    [
      `${type}?_count=1`,
      'its pages lead to everything',
      async (state) => {
        const whole = idsOf(await searchAll(state, type, first), type)
        assert.deepEqual(idsOf(await searchAll(state, type, { ...first, _count: '1' }), type), whole)
      },
    ],
  ]
  return checks.filter((check) => check !== false)
}

/** The relative references of a record. */
function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'reference' && typeof inner === 'string' ? [inner] : referencesIn(inner),
  )
}

group(
  'us_core_v700, us_core_v800',
  searcher,
  searchedTypes.flatMap((one) => [...variantChecks(one), ...otherChecks(one)]),
)
