/** The audit trail as a way to another's record: who looked at whom is itself something to be protected. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { launchStarted, signedIn, signInFailed } from '../../../src/audit/event.ts'
import { withTrail } from '../../../src/identity/audit-rights.ts'
import { validate } from '../../../src/resource/definitions/validate.ts'
import type { Caller } from '../../../src/resource/request.ts'
import type { Right } from '../../../src/smart/decision.ts'
import { recordOf } from '../../../src/smart/record.ts'
import type { Resource } from '../../../src/smart/resource.ts'
import { type Ask, callerWith, createWorld, found, nextOf, type World } from './world.ts'

/** The rights of somebody who has the records of these patients. */
const onRecords = (...patients: string[]): Right[] =>
  patients.flatMap((id) => recordOf(id).map((slice): Right => ({ letters: ['r', 's'], slice })))

const { withheld } = withTrail({ roles: ['patient'] }, { rights: [], withheld: [] })
const patientA = callerWith('patient/*.rs', { rights: onRecords('a'), withheld })
const patientB = callerWith('user/*.rs', { patient: null, rights: onRecords('b'), withheld })
const parent = callerWith('user/*.rs', { patient: null, rights: onRecords('a', 'b'), withheld })
const doctor = callerWith('user/*.cruds', { patient: null, withheld })
const doctorsApp = callerWith('patient/*.cruds')
const admin = callerWith('user/*.cruds', {
  patient: null,
  ...withTrail({ roles: ['admin'] }, { rights: [], withheld: [] }),
})

let world: World

/** What happened before anybody attacks; each is a record of the trail. */
before(async () => {
  world = await createWorld()
  await world.ask(doctor, 'Observation/a-lab')
  await world.ask(doctor, 'Observation/b-lab')
  // One search that touched both, and named both.
  await world.ask(doctor, 'Observation?patient=a,b&code=718-7')
  await world.ask({ ...doctorsApp, fhirUser: 'Patient/a' }, 'Observation/b-vital')
  await world.ask(doctor, 'Patient?family=Family-b')
  await world.record(signedIn({ user: 'u-b', fhirUser: 'Patient/b' }, 'password'))
  await world.record(signInFailed({ address: '10.1.1.1' }, 'password', 'typed-name', 'unknown-user'))
  await world.record(launchStarted({ user: 'doctor', client: 'app-1' }, { patient: 'b' }))
})

type Event = Resource & { readonly id: string }

const bodyOf = async (caller: Caller, target: string): Promise<string> =>
  (await world.ask(caller, target)).body

async function eventsOf(caller: Caller, query = ''): Promise<Event[]> {
  const bundle = JSON.parse(await bodyOf(caller, `AuditEvent${query}`))
  return (bundle.entry ?? []).map(({ resource }: { resource: Event }) => resource)
}

const others = /Patient\/b|Family-b|b-lab|b-vital|%2Cb|"u-b"|typed-name|10\.1\.1\.1/

test('a patient sees the events of their own record, valid, and of no other', async () => {
  const own = await eventsOf(patientA)
  assert.ok(own.length >= 2)
  for (const event of own) assert.deepEqual(validate(event), [])
  assert.doesNotMatch(JSON.stringify(own), others)
  assert.ok(JSON.stringify(await eventsOf(patientB)).includes('Patient/b'))
})

test('an event that touched two patients is shown to each with that patient alone', async () => {
  const about = (events: Event[]) => events.filter((event) => JSON.stringify(event).includes('718-7'))
  for (const [caller, id, other] of [
    [patientA, 'a', 'b'],
    [patientB, 'b', 'a'],
  ] as const) {
    const [event, ...more] = about(await eventsOf(caller))
    assert.deepEqual(more, [])
    const text = JSON.stringify(event)
    assert.ok(text.includes(`Patient/${id}`))
    assert.doesNotMatch(text, new RegExp(`Patient/${other}|patient=|%2C|${other}-lab`))
  }
  assert.equal(about(await eventsOf(parent)).length, 2)
})

const searches = [
  '?patient=b',
  '?patient=Patient/b',
  '?patient=a,b',
  '?patient:missing=true',
  '?patient:identifier=b',
  '?entity=Patient/b',
  '?entity=Observation/b-lab',
  '?agent=Patient/b',
  '?agent:identifier=u-b',
  '?agent-name=b',
  '?subtype=read',
  '?outcome=8',
  '?outcome:not=0',
  '?address=10.1.1.1',
  '?_tag=urn:chartkey:audit|whole',
  '?_tag:not=urn:chartkey:audit|whole',
  '?date=ge2000-01-01',
  '?_lastUpdated=ge2000-01-01&_sort=date',
  '?_id=1,2,3,4,5,6,7,8,9,10,11,12',
  '?_count=1000&_total=accurate',
  '?_include=AuditEvent:patient&_include=AuditEvent:agent&_include=AuditEvent:entity',
  '?_revinclude=AuditEvent:entity',
  '?_revinclude=*&_include=*&_include:iterate=*',
  '?patient.name=Family-b',
  '?patient:Patient.family=Family-b,Family-a',
  '?entity:Observation.subject=Patient/b',
  '?agent:Practitioner.family=Lin',
]

for (const query of searches)
  test(`AuditEvent${query} finds a patient nothing of another patient, nor counts it`, async () => {
    const body = await bodyOf(patientA, `AuditEvent${query}`)
    const bundle = JSON.parse(body)
    const entries = (bundle.entry ?? []).map(({ resource }: { resource: object }) => resource)
    assert.doesNotMatch(JSON.stringify(entries), others)
    const matches = entries.filter((one: Event) => one.resourceType === 'AuditEvent')
    if (bundle.total !== undefined) assert.equal(bundle.total, matches.length)
  })

test('every form of every record but those of one’s own is told like one that does not exist', async () => {
  const own = new Set((await eventsOf(patientA, '?_count=1000')).map(({ id }) => id))
  const ids = [...(await eventsOf(admin, '?_count=1000')), ...(await eventsOf(patientB, '?_count=1000'))].map(
    ({ id }) => id,
  )
  assert.ok(ids.length > 8)
  for (const id of ids) {
    if (own.has(id)) continue
    for (const [place, absent] of [
      [`AuditEvent/${id}`, 'AuditEvent/999999'],
      [`AuditEvent/${id}/_history/1`, 'AuditEvent/999999/_history/1'],
    ] as const) {
      const hidden = await world.ask(patientA, place)
      const none = await world.ask(patientA, absent)
      assert.equal(hidden.status, 404)
      assert.equal(hidden.body.replace(`AuditEvent/${id}`, 'AuditEvent/999999'), none.body)
    }
  }
})

test('searches across types, and compartments of others, leave the trail out or narrow it', async () => {
  for (const target of [
    '?_id=1',
    '?_lastUpdated=ge2000-01-01',
    '?_type=Patient,Observation',
    'Patient/a/*',
  ]) {
    const reply = await world.ask(doctor, target)
    assert.doesNotMatch(reply.body, /"resourceType":"AuditEvent"/, target)
  }
  assert.equal((await world.ask(doctor, '?_type=AuditEvent,Patient')).status, 400)
  assert.doesNotMatch(await bodyOf(patientA, '?_type=AuditEvent'), others)
  assert.doesNotMatch(await bodyOf(patientA, 'Patient/a/AuditEvent'), others)
  assert.deepEqual(found(await world.ask(patientA, 'Patient/b/AuditEvent')).entries, [])
  assert.doesNotMatch(await bodyOf(patientA, 'Patient/a?_revinclude=*'), /"resourceType":"AuditEvent"/)
  assert.equal((await world.ask(admin, 'AuditEvent?_has:Provenance:target:agent=x')).status, 400)
})

test('chains lead to an event through records in reach only', async () => {
  const ofB = found(await world.ask(doctor, 'AuditEvent?patient.family=Family-b&_count=100')).entries
  assert.ok(ofB.length > 2)
  assert.deepEqual(found(await world.ask(patientA, 'AuditEvent?patient.family=Family-b')).entries, [])
  assert.ok(found(await world.ask(patientA, 'AuditEvent?patient.family=Family-a')).entries.length > 0)
  // An administrator sees no patient's name, so there is none to search by.
  assert.deepEqual(found(await world.ask(admin, 'AuditEvent?patient.family=Family-b')).entries, [])
})

test('operations leave the trail out, or show one’s own', async () => {
  const whole = await bodyOf(patientA, 'Patient/a/$everything')
  assert.doesNotMatch(whole, /"resourceType":"AuditEvent"/)
  const asked = await world.ask(patientA, 'Patient/a/$everything?_type=AuditEvent&_count=100')
  assert.ok(found(asked).entries.length > 2)
  assert.doesNotMatch(asked.body, others)
  assert.equal((await world.ask(patientA, 'Patient/b/$everything?_type=AuditEvent')).status, 404)
  assert.doesNotMatch(await bodyOf(patientA, '$meta'), /urn:chartkey:audit/)
  assert.doesNotMatch(await bodyOf(patientA, 'AuditEvent/$meta'), /whole/)
  const access = JSON.parse(await bodyOf(patientA, '$access?_type=AuditEvent'))
  const parts = access.parameter.find(({ name }: { name: string }) => name === 'access').part
  assert.deepEqual(
    parts.filter(({ name }: { name: string }) => name === 'count'),
    [],
  )
})

test('a patient in context narrows the trail as it does everything else', async () => {
  const text = JSON.stringify(await eventsOf(doctorsApp, '?_count=1000'))
  assert.doesNotMatch(text, others)
})

test('own attempts tell nobody whether what they aimed at is hidden or absent', async () => {
  const asPatient = { ...patientA, fhirUser: 'Patient/a' }
  const count = async () => (await eventsOf(patientA, '?_count=1000')).filter(({ id }) => id).length
  const changes: number[] = []
  for (const target of ['Observation/b-lab', 'Observation/none']) {
    const start = await count()
    await world.ask(asPatient, target)
    // Counting is on record itself, each time alike.
    changes.push((await count()) - start)
  }
  assert.equal(changes[0], changes[1])
})

const writes: [string, Ask][] = [
  ['AuditEvent', { method: 'POST', body: { resourceType: 'AuditEvent' } }],
  ['AuditEvent/1', { method: 'PUT', body: { resourceType: 'AuditEvent', id: '1' } }],
  ['AuditEvent/new', { method: 'PUT', body: { resourceType: 'AuditEvent', id: 'new' } }],
]

for (const [who, caller] of Object.entries({
  patientA,
  doctor,
  admin,
  everything: callerWith('system/*.cruds'),
}))
  for (const [target, ask] of writes)
    test(`${ask.method} ${target} is refused, for ${who}`, async () => {
      const start = await world.repository.counts()
      const reply = await world.ask(caller, target, ask)
      assert.equal(reply.status, 403)
      assert.match(reply.body, /The audit trail is written by this server alone/)
      assert.deepEqual(await world.repository.counts(), start)
    })

const transaction = (method: string, url: string, resource?: object): Ask => ({
  method: 'POST',
  body: {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ request: { method, url }, ...(resource && { resource }) }],
  },
})
const patch: Ask = {
  method: 'PATCH',
  body: '[{"op":"replace","path":"/action","value":"R"}]',
  contentType: 'application/json-patch+json',
}
const forged = { resourceType: 'AuditEvent' }
const changes: Readonly<Record<string, [string, Ask]>> = {
  patch: ['AuditEvent/1', patch],
  'conditional patch': ['AuditEvent?_id=1', patch],
  delete: ['AuditEvent/1', { method: 'DELETE' }],
  'conditional delete': ['AuditEvent?_id=1', { method: 'DELETE' }],
  'conditional update': ['AuditEvent?_id=1', { method: 'PUT', body: forged }],
  'conditional create': [
    'AuditEvent',
    { method: 'POST', body: forged, headers: { 'if-none-exist': '_id=none' } },
  ],
  'create in a transaction': ['', transaction('POST', 'AuditEvent', forged)],
  'update in a transaction': ['', transaction('PUT', 'AuditEvent/1', { ...forged, id: '1' })],
  'delete in a transaction': ['', transaction('DELETE', 'AuditEvent/1')],
}

for (const [name, [target, ask]] of Object.entries(changes))
  test(`a ${name} changes nothing in the trail, whoever asks`, async () => {
    const [event] = await eventsOf(admin, '?_id=1')
    const start = await world.repository.counts()
    for (const caller of [doctor, admin, patientA, callerWith('system/*.cruds')])
      assert.equal((await world.ask(caller, target, ask)).status, 403)
    assert.deepEqual((await eventsOf(admin, '?_id=1'))[0], event)
    assert.deepEqual(await world.repository.counts(), start)
  })

test('histories show the one version of an event to whom it is shown, and no event beside others', async () => {
  const [own] = await eventsOf(patientA, '?_count=1')
  const status = async (caller: Caller, target: string) => (await world.ask(caller, target)).status
  const place = `AuditEvent/${own?.id}/_history`
  assert.deepEqual(found(await world.ask(patientA, place)).entries, [`AuditEvent/${own?.id}`])
  assert.deepEqual(found(await world.ask(patientA, `${place}?_since=2030-01-01T00:00:00Z`)).entries, [])
  assert.equal(await status(patientB, place), 404)
  assert.equal(await status(patientA, 'AuditEvent/1/_history'), 404)
  assert.equal(await status(doctor, 'AuditEvent/_history'), 501)
  assert.doesNotMatch(await bodyOf(doctor, '_history?_count=1000'), /"resourceType":"AuditEvent"/)
})

test('administrators see all of the trail, whole and once, and nothing of any record', async () => {
  const seen = await eventsOf(admin, '?_count=1000')
  assert.deepEqual(
    seen.map(({ id }) => Number(id)),
    seen.map((_, at) => seen.length - at),
  )
  for (const event of seen) assert.deepEqual(validate(event), [])
  assert.match(JSON.stringify(seen), /typed-name/)
  assert.match(JSON.stringify(seen), /patient=a%2Cb/)
  for (const target of [
    'Observation/a-lab',
    'Patient/a',
    'Observation',
    'Patient?_revinclude=AuditEvent:entity',
  ])
    assert.ok((await world.ask(admin, target)).status >= 400, target)
  const included = await eventsOf(admin, '?_count=1000&_include=AuditEvent:entity&_include=AuditEvent:agent')
  assert.ok(included.every(({ resourceType }) => resourceType === 'AuditEvent'))
})

test('administrators find events by patient, agent, entity, action, outcome, type, date and address', async () => {
  const ids = async (query: string) =>
    (await eventsOf(admin, `${query}&_count=1000`)).map(({ id }) => Number(id))
  const early = (found: number[]) => found.filter((id) => id <= 8)
  assert.deepEqual(early(await ids('?patient=b')), [8, 6, 5, 4, 3, 2])
  assert.deepEqual(early(await ids('?patient=Patient/a')), [3, 1])
  assert.deepEqual(early(await ids('?patient=a&patient=b')), [3])
  assert.deepEqual(early(await ids('?entity=Observation/b-lab')), [3, 2])
  assert.deepEqual(early(await ids('?agent:identifier=app-1&action=R')), [4, 2, 1])
  assert.deepEqual(early(await ids('?outcome=8')), [7, 4])
  assert.deepEqual(early(await ids('?subtype=http://dicom.nema.org/resources/ontology/DCM|110122')), [7, 6])
  assert.deepEqual(early(await ids('?type=110100')), [8])
  assert.deepEqual(early(await ids('?address=10.1.1.1')), [7])
  assert.deepEqual(early(await ids('?date=ge2024-05-01&date=lt2024-05-02')), [8, 7, 6, 5, 4, 3, 2, 1])
  assert.deepEqual(await ids('?date=lt2024-05-01'), [])
  assert.deepEqual(await ids('?_sort=date&_id=3,1'), [1, 3])
  assert.equal((await world.ask(admin, 'AuditEvent?_sort=action')).status, 400)
  assert.equal(
    (await world.ask(admin, `AuditEvent?_id=${Array.from({ length: 300 }, (_, at) => at + 1)}`)).status,
    400,
  )
})

for (const [who, caller] of Object.entries({ admin, parent }))
  for (const sort of ['', '&_sort=date', '&_sort=-date'])
    test(`pages of one event each have all of them, each once, for ${who}${sort}`, async () => {
      // The first events: turning the pages makes more.
      const query = `AuditEvent?date=lt2024-05-01T12:00:00.080Z${sort}`
      const whole = found(await world.ask(caller, `${query}&_count=1000`)).entries
      const entries: string[] = []
      let target: string | undefined = `${query}&_count=1`
      while (target !== undefined && entries.length <= whole.length) {
        const reply = await world.ask(caller, target)
        const page = found(reply).entries
        assert.ok(page.length <= 1)
        entries.push(...page)
        target = nextOf(reply)
      }
      assert.ok(whole.length > 3)
      assert.deepEqual(entries, whole)
    })

test('a page link of the trail is of no use to another', async () => {
  const link = nextOf(await world.ask({ ...patientB, grantId: 'grant-b' }, 'AuditEvent?_count=1'))
  assert.ok(link)
  assert.equal((await world.ask({ ...patientA, grantId: 'grant-a' }, link)).status, 404)
})

test('the trail is searched in pieces of bounded work, with a link to go on', async () => {
  const large = await createWorld()
  const events = Array.from({ length: 5300 }, (_, at) => signedIn({ user: `user-${at}` }, 'password'))
  await Promise.all(events.map(large.record))
  // What every record has to be judged for.
  const first = await large.ask(admin, 'AuditEvent?_profile=none')
  assert.deepEqual(found(first), { entries: [], total: undefined })
  const second = await large.ask(admin, nextOf(first) ?? '')
  assert.deepEqual([found(second).entries, nextOf(second)], [[], undefined])
  // And what most of them are passed by for.
  const named = await large.ask(admin, 'AuditEvent?agent:identifier=user-10&_total=accurate')
  assert.deepEqual(found(named), { entries: ['AuditEvent/11'], total: 1 })
  const counted = await large.ask(admin, 'AuditEvent?_profile=none&_summary=count')
  assert.equal(counted.status, 422)
  assert.match(counted.body, /narrow the search/)
})

test('AuditEvents that lie among the records are never shown', async () => {
  await world.repository.putAll([
    { resourceType: 'AuditEvent', id: 'forged', entity: [{ what: { reference: 'Patient/a' } }] },
  ])
  assert.equal((await world.ask(doctor, 'AuditEvent/forged')).status, 404)
  assert.doesNotMatch(await bodyOf(patientA, 'AuditEvent?_count=1000'), /forged/)
  assert.doesNotMatch(await bodyOf(patientA, 'Patient/a?_revinclude=AuditEvent:patient'), /forged/)
})
