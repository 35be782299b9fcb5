/**
 * What the Basic Audit Log Patterns ask of an AuditEvent, read off their definitions (IHE ITI BALP 1.1.4), so that the
 * mapping is held against the profiles and not against itself.
 */
import assert from 'node:assert/strict'

const dcm = 'http://dicom.nema.org/resources/ontology/DCM'
const participation = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType'
const entityType = 'http://terminology.hl7.org/CodeSystem/audit-entity-type'
const objectRole = 'http://terminology.hl7.org/CodeSystem/object-role'
const canonical = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.'

interface Demands {
  readonly action: string
  readonly subtypes: readonly string[]
  readonly client: string
  readonly server: string
  readonly users: readonly string[]
  readonly about: 'query' | 'data'
}

const custodian = 'http://terminology.hl7.org/CodeSystem/provenance-participant-type|custodian'
const makers = ['AUT', 'INF', 'CST'].map((code) => `${participation}|${code}`)
const recipient = [`${participation}|IRCP`]

const profiles: Readonly<Record<string, Demands>> = {
  Query: {
    action: 'E',
    subtypes: ['search', 'search-type', 'search-system'],
    client: `${dcm}|110153`,
    server: `${dcm}|110152`,
    users: recipient,
    about: 'query',
  },
  Read: {
    action: 'R',
    subtypes: ['read', 'vread'],
    client: `${dcm}|110152`,
    server: `${dcm}|110153`,
    users: recipient,
    about: 'data',
  },
  Create: {
    action: 'C',
    subtypes: ['create'],
    client: `${dcm}|110153`,
    server: `${dcm}|110152`,
    users: makers,
    about: 'data',
  },
  Update: {
    action: 'U',
    subtypes: ['update', 'patch'],
    client: `${dcm}|110153`,
    server: `${dcm}|110152`,
    users: makers,
    about: 'data',
  },
  Delete: {
    action: 'D',
    subtypes: ['delete'],
    client: `${dcm}|110150`,
    server: custodian,
    users: makers,
    about: 'data',
  },
}

// biome-ignore lint/suspicious/noExplicitAny: a test walks through JSON
type Json = any

const codes = (coding: Json[] = []): string[] => coding.map(({ system, code }) => `${system}|${code}`)

/** Fails unless the resource does all that the profile it claims asks for. */
export function assertProfile(resource: Json): void {
  const [profile = ''] = resource.meta.profile ?? []
  assert.ok(profile.startsWith(canonical), 'claims a profile')
  const name = profile.slice(canonical.length)
  const demands = profiles[name.replace(/^Patient/, '')]
  assert.ok(demands, name)
  assert.deepEqual(codes([resource.type]), ['http://terminology.hl7.org/CodeSystem/audit-event-type|rest'])
  assert.equal(resource.action, demands.action)
  assert.equal(resource.outcome, '0')
  const restful = 'http://hl7.org/fhir/restful-interaction'
  assert.ok(
    resource.subtype.some((one: Json) => one.system === restful && demands.subtypes.includes(one.code)),
  )
  assertAgents(resource, demands)
  assertEntities(resource, demands, name.startsWith('Patient'))
}

function assertAgents({ agent }: Json, { client, server, users }: Demands): void {
  const playing = (types: readonly string[]) =>
    agent.filter((one: Json) => codes(one.type.coding).some((code) => types.includes(code)))
  for (const type of [client, server]) {
    const [only, ...more] = playing([type])
    assert.ok(only?.who && only.network, `${type} has who and network`)
    assert.deepEqual([more, only.media], [[], undefined])
  }
  const [user, ...others] = playing(users)
  assert.deepEqual(others, [])
  if (!user) return
  assert.ok(user.who)
  assert.deepEqual([user.requestor, user.network, user.media], [true, undefined, undefined])
}

function assertEntities({ entity }: Json, { about }: Demands, isPatients: boolean): void {
  const ofType = (code: string) =>
    entity.filter((one: Json) => codes([one.type]).includes(`${entityType}|${code}`))
  const [asked, ...more] = ofType('2')
  assert.deepEqual(more, [], 'one data or query entity')
  if (about === 'query') {
    assert.deepEqual(codes([asked.role]), [`${objectRole}|24`])
    assert.deepEqual([asked.what, asked.lifecycle, asked.detail], [undefined, undefined, undefined])
    assert.match(Buffer.from(asked.query, 'base64').toString(), /^GET https:/)
  } else {
    assert.deepEqual(codes([asked.role]), [`${objectRole}|4`])
    assert.ok(asked.what)
  }
  if (!isPatients) return
  const [patient, ...others] = ofType('1')
  assert.deepEqual(others, [], 'one patient')
  assert.deepEqual(codes([patient.role]), [`${objectRole}|1`])
  assert.match(patient.what.reference, /^Patient\//)
}
