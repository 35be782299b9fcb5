import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  capabilityStatement,
  createCapabilityStatement,
  type StatementOptions,
} from './capability-statement.ts'
import { validate } from './definitions/validate.ts'

const options: StatementOptions = {
  base: 'https://ehr.example.org/fhir',
  version: '0.1.0',
  date: 0,
  interactions: ['capabilities', 'read', 'vread', 'search-type', 'create', 'update'],
  types: ['Patient', 'Observation', 'Provenance'],
  operations: (type) => (type === 'Patient' ? [{ name: 'match', definition: 'urn:match' }] : []),
  oauth: {
    authorize: 'https://ehr.example.org/oauth/authorize',
    token: 'https://ehr.example.org/oauth/token',
  },
}

const resourceOf = (type: string, changed: Partial<StatementOptions> = {}) =>
  capabilityStatement({ ...options, ...changed }).rest[0]?.resource.find((one) => one.type === type)

test('the statement is a valid CapabilityStatement', () => {
  assert.deepEqual(validate(capabilityStatement(options)), [])
})

test('it lists what is registered and nothing else', () => {
  const codes = (changed?: Partial<StatementOptions>) =>
    resourceOf('Patient', changed)?.interaction.map((one) => one.code)
  assert.deepEqual(codes(), ['read', 'vread', 'update', 'create', 'search-type'])
  assert.deepEqual(codes({ interactions: ['read', 'delete', 'operation'] }), ['read', 'delete'])
  assert.equal(
    JSON.stringify(resourceOf('Patient', { interactions: ['read'] })).includes('searchParam'),
    false,
  )
})

test('what asks the whole server is listed for the server', () => {
  const rest = (interactions: StatementOptions['interactions']) =>
    capabilityStatement({ ...options, interactions }).rest[0]
  assert.deepEqual(rest(['read', 'transaction'])?.interaction, [{ code: 'transaction' }])
  assert.equal(rest(['read'])?.interaction, undefined)
})

test('a Binary is never searched for, so it has no history of its type and no conditions', () => {
  const all: StatementOptions['interactions'] = ['read', 'vread', 'create', 'search-type', 'history-type']
  const shown = resourceOf('Binary', { types: ['Binary'], interactions: [...all, 'conditional-delete'] })
  const binary = JSON.parse(JSON.stringify(shown))
  assert.deepEqual(
    binary.interaction.map(({ code }: { code: string }) => code),
    ['read', 'vread', 'create'],
  )
  assert.deepEqual([binary.conditionalCreate, binary.conditionalDelete], [false, 'not-supported'])
})

test('search parameters, includes and reverse includes are those of the registry', () => {
  const observation = JSON.parse(JSON.stringify(resourceOf('Observation')))
  const names = observation.searchParam.map((one: { name: string }) => one.name)
  for (const name of ['_id', '_lastUpdated', 'patient', 'category', 'code', 'date'])
    assert.ok(names.includes(name), name)
  assert.ok(observation.searchInclude.includes('Observation:subject'))
  assert.ok(observation.searchRevInclude.includes('Provenance:target'))
})

test('each parameter has one row, for a type and for the whole server', () => {
  const { rest } = JSON.parse(
    JSON.stringify(capabilityStatement({ ...options, interactions: ['search-type', 'search-system'] })),
  )
  for (const { searchParam } of [...rest, ...rest[0].resource]) {
    const names = searchParam.map(({ name }: { name: string }) => name)
    assert.deepEqual(names.toSorted(), [...new Set(names)].toSorted())
  }
})

test('the profiles of US Core are named for their types, and no others', () => {
  const profilesOf = (type: string): readonly string[] | undefined =>
    JSON.parse(JSON.stringify(resourceOf(type, { types: [type] }))).supportedProfile
  const profiles = 'http://hl7.org/fhir/us/core/StructureDefinition'
  assert.deepEqual(profilesOf('Patient'), [`${profiles}/us-core-patient`])
  const named = profilesOf('Observation') ?? []
  assert.equal(new Set(named).size, 26)
  for (const name of ['us-core-vital-signs', 'us-core-observation-lab', 'pediatric-bmi-for-age'])
    assert.ok(named.includes(`${profiles}/${name}`), name)
  assert.equal(profilesOf('Basic'), undefined)
})

test('CORS-01, RSRC-05, DISC-32, SEED-31: it names the SMART service, CORS and the addresses of the authorization server', () => {
  const security = capabilityStatement(options).rest[0]?.security
  assert.equal(security?.cors, true)
  assert.equal(security?.service[0]?.coding[0]?.code, 'SMART-on-FHIR')
  assert.deepEqual(security?.extension[0]?.extension, [
    { url: 'authorize', valueUri: 'https://ehr.example.org/oauth/authorize' },
    { url: 'token', valueUri: 'https://ehr.example.org/oauth/token' },
  ])
})

test('operations are listed where they are, and nowhere else', () => {
  const operations = ['Patient', 'Observation'].map((type) => {
    const listed: object = resourceOf(type) ?? {}
    return 'operation' in listed ? listed.operation : undefined
  })
  assert.deepEqual(operations, [[{ name: 'match', definition: 'urn:match' }], undefined])
  assert.equal('operation' in (capabilityStatement(options).rest[0] ?? {}), false)
})

test('it is made once', () => {
  const statement = createCapabilityStatement(options)
  assert.equal(statement(), statement())
  assert.equal(JSON.parse(statement()).implementation.url, options.base)
})
