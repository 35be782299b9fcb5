/** A policy withholds: is there a way to what it withholds, or to know that there is any? */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { openPolicyFile } from '../../../src/policy/policy-file.ts'
import { isSupportedFilter } from '../../../src/resource/search/filter.ts'
import { createPolicyWorld, type PolicyWorld, untagging, waiting } from './policy-world.ts'
import { type Ask, found, textOf } from './world.ts'

let world: PolicyWorld

before(async () => {
  world = await createPolicyWorld()
})

const secret = /not yet told|-waiting(?!")/
const result = (id: string) => ({ ...waiting('a'), id })

/** Ways to one resource: each has to answer as it does for one that is not there. */
const ways: readonly (readonly [string, (id: string) => string, ((id: string) => Ask)?])[] = [
  ['read', (id) => `Observation/${id}`],
  ['HEAD', (id) => `Observation/${id}`, () => ({ method: 'HEAD' })],
  [
    'a read that knows the version',
    (id) => `Observation/${id}`,
    () => ({ headers: { 'if-none-match': 'W/"1"' } }),
  ],
  ['vread', (id) => `Observation/${id}/_history/1`],
  ['history', (id) => `Observation/${id}/_history`],
  ['a search by id', (id) => `Observation?_id=${id}`],
  ['a count by id', (id) => `Observation?_id=${id}&_summary=count`],
  ['deletion', (id) => `Observation/${id}`, () => ({ method: 'DELETE' })],
  ['an update', (id) => `Observation/${id}`, (id) => ({ method: 'PUT', body: result(id) })],
  [
    'an update that takes the tag away',
    (id) => `Observation/${id}`,
    (id) => ({ method: 'PUT', body: { ...result(id), meta: {} } }),
  ],
  [
    'an update of a known version',
    (id) => `Observation/${id}`,
    (id) => ({ method: 'PUT', headers: { 'if-match': 'W/"1"' }, body: { ...result(id), meta: {} } }),
  ],
  [
    'a patch',
    (id) => `Observation/${id}`,
    () => ({
      method: 'PATCH',
      contentType: 'application/json-patch+json',
      body: JSON.stringify([{ op: 'remove', path: '/meta/tag' }]),
    }),
  ],
]

for (const [name, target, ask] of ways)
  test(`RSRC-03, RSRC-10, SEED-34, SEED-45: ${name} of an unreleased result answers as for none, to the patient and to who acts for one`, async () => {
    for (const [account, patient] of [
      ['patient-a', 'a'],
      ['parent-of-b', 'b'],
    ] as const)
      for (const scopes of [
        'patient/*.cruds',
        'user/*.cruds',
        'patient/Observation.cruds patient/DiagnosticReport.rs',
      ]) {
        const caller = await world.as(account, scopes, patient)
        const id = `${patient}-waiting`
        const hidden = await world.ask(caller, target(id), ask?.(id))
        const absent = await world.ask(caller, target('z-zzzzzzz'), ask?.('z-zzzzzzz'))
        assert.equal(hidden.status, absent.status)
        assert.deepEqual(hidden.headers, absent.headers)
        assert.equal(hidden.body.replaceAll(id, 'z-zzzzzzz'), absent.body)
        assert.equal((await world.repository.read('Observation', id))?.version, '1')
      }
  })

const searches = [
  'Observation?category=laboratory',
  'Observation?_tag=urn:chartkey:release|unreleased',
  'Observation?_tag:not=urn:chartkey:release|released&_sort=-date',
  'Observation?date=2024-04-30',
  'Observation?code=718-7&_sort=-date&_count=1',
  'Observation?_lastUpdated=gt2000',
  'DiagnosticReport?_include=DiagnosticReport:result',
  'DiagnosticReport?_id=a-summary&_include=DiagnosticReport:result',
  'Observation?_revinclude=DiagnosticReport:result',
  'Patient?_id=a&_revinclude=Observation:subject&_revinclude=DiagnosticReport:subject',
  'Patient?_has:Observation:subject:_tag=urn:chartkey:release|unreleased',
  'Patient?_has:DiagnosticReport:subject:code:text=not',
  'DiagnosticReport?result._tag=urn:chartkey:release|unreleased',
  'DiagnosticReport?result:Observation.value-string=not',
  'DiagnosticReport?result:Observation.date=2024-04-30&_sort=-result',
  'DiagnosticReport?_include=*&_include:iterate=*',
  'Patient?_id=a&_revinclude=*&_revinclude:iterate=*',
  'Observation?_tag:missing=false',
  'Patient/a/Observation',
  'Patient/a/DiagnosticReport',
  'Patient/a/$everything',
  'Observation/$lastn?patient=a&category=laboratory',
  '$access?_type=Observation',
  '_history',
  'Observation/_history',
]

for (const search of searches)
  test(`SCOPE-17, RSRC-10, SEED-25: no unreleased result is found, included or counted by ${search}`, async () => {
    const caller = await world.as('patient-a', 'patient/*.rs user/*.rs', 'a')
    const bare = await createPolicyWorld()
    for (const [type, id] of [
      ['Observation', 'a-waiting'],
      ['DiagnosticReport', 'a-waiting-report'],
      ['Observation', 'b-waiting'],
      ['DiagnosticReport', 'b-waiting-report'],
    ] as const)
      await bare.repository.delete(type, id)
    const reply = await textOf(await world.ask(caller, search))
    assert.doesNotMatch(reply.replaceAll(/"reference":\s*"[^"]*"/g, ''), secret)
    // The totals are those of a hospital in which it was never written.
    const without = await textOf(
      await bare.ask(await bare.as('patient-a', 'patient/*.rs user/*.rs', 'a'), search),
    )
    assert.equal(countsIn(reply), countsIn(without))
  })

const countsIn = (text: string) =>
  [...text.matchAll(/"(?:total|valueUnsignedInt)":\s*(\d+)/g)].map(([, count]) => count).join(' ')

test('a patient cannot write what is withheld from patients, so nobody learns by writing', async () => {
  const caller = await world.as('patient-a', 'patient/*.cruds', 'a')
  const body = { ...waiting('a'), id: undefined, performer: [{ reference: 'Patient/a' }] }
  assert.equal((await world.ask(caller, 'Observation', { method: 'POST', body })).status, 403)
})

test('what was released is seen, and not the version that was not', async () => {
  const played = await createPolicyWorld()
  const doctor = await played.as('doctor', 'user/*.cruds')
  const reply = await played.ask(doctor, 'Observation/a-waiting/$meta-delete', untagging)
  assert.equal(reply.status, 200)
  const caller = await played.as('patient-a', 'patient/*.rs', 'a')
  assert.equal((await played.ask(caller, 'Observation/a-waiting')).status, 200)
  assert.equal((await played.ask(caller, 'Observation/a-waiting/_history/2')).status, 200)
  assert.equal((await played.ask(caller, 'Observation/a-waiting/_history/1')).status, 404)
  assert.deepEqual(
    found(await played.ask(caller, 'DiagnosticReport?_include=DiagnosticReport:result')).entries,
    ['DiagnosticReport/a-report', 'DiagnosticReport/a-summary', 'Observation/a-lab', 'Observation/a-waiting'],
  )
})

test('sensitive information is withheld from the nurse on every path, not from the doctor', async () => {
  const nurse = await world.as('nurse', 'user/*.cruds')
  const doctor = await world.as('doctor', 'user/*.cruds')
  assert.equal((await world.ask(doctor, 'Condition/a-psychiatric')).status, 200)
  for (const target of [
    'Condition/a-psychiatric',
    'Condition/a-psychiatric/_history/1',
    'Condition',
    'Condition?_security=http://terminology.hl7.org/CodeSystem/v3-ActCode|PSY',
    'Condition?code:text=kept',
    'Encounter?_revinclude=Condition:encounter',
    'Condition?_security:missing=false',
    'Patient/a/Condition',
    'Patient/a/$everything',
  ])
    assert.doesNotMatch(
      await textOf(await world.ask(nurse, target)),
      /kept from most|"Condition\/a-psych/,
      target,
    )
})

test('what a label is on is not learned from what it is tied to', async () => {
  const labelled = 'Condition:encounter:_security=http://terminology.hl7.org/CodeSystem/v3-ActCode|PSY'
  for (const [account, total] of [
    ['doctor', 2],
    ['nurse', 0],
  ] as const) {
    const reply = await world.ask(await world.as(account, 'user/*.rs'), `Encounter?_has:${labelled}`)
    assert.equal(found(reply).total, total, account)
  }
})

test('the nurse cannot take the label away, nor put one on', async () => {
  const nurse = await world.as('nurse', 'user/*.cruds')
  const stored = await world.repository.read('Condition', 'a-psychiatric')
  const { meta: _label, ...plain } = stored?.resource ?? { resourceType: 'Condition' }
  assert.equal(
    (await world.ask(nurse, 'Condition/a-psychiatric', { method: 'PUT', body: plain })).status,
    404,
  )
  const labelled = { ...plain, id: undefined, meta: { security: stored?.resource.meta?.security } }
  assert.equal((await world.ask(nurse, 'Condition', { method: 'POST', body: labelled })).status, 403)
  assert.equal((await world.repository.read('Condition', 'a-psychiatric'))?.version, '1')
})

const emergency = (userId: string, patient: string, endsAt: number) => ({
  id: `${userId} ${patient}`,
  userId,
  patient,
  name: userId,
  reason: 'unconscious',
  openedAt: 0,
  endsAt,
})

test('broken glass shows one clinician one patient’s record, until it ends, and gives no right', async () => {
  const played = await createPolicyWorld({ clinicians: 'care' })
  await played.repository.update({
    resourceType: 'CareTeam',
    id: 'team',
    status: 'active',
    subject: { reference: 'Patient/a' },
    participant: [{ member: { reference: 'Practitioner/nurse' } }],
  })
  const read = async (account: string, id: string) =>
    (await played.ask(await played.as(account, 'user/*.rs'), `Condition/${id}`)).status
  assert.equal(await read('nurse', 'a-psychiatric'), 404)
  const endsAt = played.clock.now + 900_000
  for (const patient of ['a', 'b']) await played.emergencies.add(emergency('nurse', patient, endsAt))
  played.wait()
  assert.equal(await read('nurse', 'a-psychiatric'), 200)
  // Patient b is not in the nurse's care, which no glass stands before.
  assert.equal(await read('nurse', 'b-psychiatric'), 404)
  played.wait(endsAt - played.clock.now)
  assert.equal(await read('nurse', 'a-psychiatric'), 404)
})

test('broken glass is nobody’s but the clinician’s', async () => {
  const played = await createPolicyWorld()
  for (const account of ['patient-a', 'parent-of-b'])
    for (const patient of ['a', 'b'])
      await played.emergencies.add(emergency(account, patient, played.clock.now + 900_000))
  const read = async (account: string, target: string) =>
    (await played.ask(await played.as(account, 'user/*.rs'), target)).status
  assert.equal(await read('nurse', 'Condition/a-psychiatric'), 404)
  assert.equal(await read('patient-a', 'Observation/a-waiting'), 404)
  assert.equal(await read('parent-of-b', 'Condition/b-psychiatric'), 404)
})

test('a file that was spoiled withholds what it withheld', async () => {
  const played = await createPolicyWorld()
  const whole = `version: 1
rights: {clinicians: everyone}
consents: {honour: false}
withhold:
  - {name: all, withhold: Observation, from: [patient], because: Wait.}
`
  let text = whole
  const file = await openPolicyFile({
    name: 'policy.yaml',
    read: async () => text,
    supports: isSupportedFilter,
    log: { info: () => {}, error: () => {} },
  })
  for (const spoiled of [
    '',
    'version: 1',
    whole.slice(0, whole.indexOf('withhold:')),
    whole.replace('Observation', 'Observacion'),
    '{',
  ]) {
    text = spoiled
    for (let looks = 0; looks < 3; looks++) await file.look()
    played.decree(file.current())
    played.wait()
    const caller = await played.as('patient-a', 'patient/*.rs', 'a')
    assert.equal((await played.ask(caller, 'Observation/a-lab')).status, 404, spoiled)
  }
})

test('a clinician who may write everything gives nobody a post, by which exceptions are made', async () => {
  const nurse = await world.as('nurse', 'user/*.cruds')
  const post = (id: string) => ({
    resourceType: 'PractitionerRole',
    id,
    active: true,
    practitioner: { reference: 'Practitioner/nurse' },
  })
  const { id: _, ...created } = post('')
  const asks: readonly (readonly [string, Ask])[] = [
    ['PractitionerRole', { method: 'POST', body: created }],
    ['PractitionerRole?identifier=urn:x|1', { method: 'PUT', body: created }],
    ['PractitionerRole/own', { method: 'PUT', body: post('own') }],
    ['PractitionerRole/doctor-here', { method: 'PUT', body: post('doctor-here') }],
    ['PractitionerRole/doctor-here', { method: 'DELETE' }],
    [
      'PractitionerRole/doctor-here',
      {
        method: 'PATCH',
        contentType: 'application/json-patch+json',
        body: '[{"op":"replace","path":"/practitioner/reference","value":"Practitioner/nurse"}]',
      },
    ],
  ]
  for (const [target, ask] of asks) assert.equal((await world.ask(nurse, target, ask)).status, 403, target)
  assert.equal((await world.ask(nurse, 'PractitionerRole/doctor-here')).status, 200)
  assert.equal(
    (await world.ask(nurse, 'Practitioner', { method: 'POST', body: { resourceType: 'Practitioner' } }))
      .status,
    201,
  )
})
