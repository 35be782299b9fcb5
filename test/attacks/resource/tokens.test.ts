/** Tokens that lack what they speak of, and scopes that are none. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Ask, callerWith, createWorld, type World } from './world.ts'

let world: World

before(async () => {
  world = await createWorld()
})

const requests: [string, Ask?][] = [
  ['Patient/a'],
  ['Patient'],
  ['Observation?patient=a'],
  ['Patient/a/Observation'],
  ['Observation/a-lab/_history/1'],
  [
    'Basic',
    {
      method: 'POST',
      body: { resourceType: 'Basic', code: { text: 'x' }, subject: { reference: 'Patient/a' } },
    },
  ],
  ['Basic', { method: 'POST', body: { resourceType: 'Basic', code: { text: 'x' } } }],
  ['Patient/a', { method: 'PUT', body: { resourceType: 'Patient', id: 'a' } }],
]

for (const [target, ask] of requests) {
  test(`EM-11: ${ask?.method ?? 'GET'} ${target} with patient scopes and no patient is refused`, async () => {
    for (const scopes of [
      'patient/*.cruds',
      'patient/*.*',
      'patient/Patient.cruds patient/Observation.cruds patient/Basic.cruds',
    ])
      assert.equal((await world.ask(callerWith(scopes, { patient: null }), target, ask)).status, 403)
  })

  test(`RSRC-09: ${ask?.method ?? 'GET'} ${target} for somebody without rights is refused`, async () => {
    assert.equal(
      (await world.ask(callerWith('user/*.cruds system/*.cruds', { rights: [] }), target, ask)).status,
      403,
    )
  })
}

const nonsense = [
  '',
  'openid fhirUser launch launch/patient offline_access',
  'patient/Patient.dus patient/Observation.sr',
  'patient/*',
  'patient/*.',
  'patient.*.rs',
  'Patient/*.rs',
  'PATIENT/*.RS',
  'patient/patient.rs',
  'patient/Observation.read?category=laboratory',
  'patient/Observation.rs?',
  'patient/Observation.rs?category',
  'patient/Observation.rs.category=laboratory',
  'practitioner/*.rs',
  'patient/*.rs;user/*.rs',
  '__patient/*.rs',
  'https://ehr.example.org/patient/*.rs',
]

for (const scopes of nonsense)
  test(`SCOPE-01, SCOPE-02, SCOPE-03, SCOPE-10: «${scopes}» opens nothing`, async () => {
    for (const target of ['Patient/a', 'Observation', 'Observation/a-lab'])
      assert.equal((await world.ask(callerWith(scopes), target)).status, 403)
  })

test('SCOPE-22: a scope for the type Patient opens no other type', async () => {
  const caller = callerWith('patient/Patient.rs')
  assert.equal((await world.ask(caller, 'Patient/a')).status, 200)
  assert.equal((await world.ask(caller, 'Observation')).status, 403)
})

test('SCOPE-20: a patient scope beside a user scope does not widen the one or narrow the other', async () => {
  const caller = callerWith('patient/Observation.rs user/Encounter.rs')
  assert.equal((await world.ask(caller, 'Encounter/b-visit')).status, 200)
  assert.equal((await world.ask(caller, 'Observation/b-lab')).status, 404)
})

test('SCOPE-24: a patient in context that does not exist has no record', async () => {
  const caller = callerWith('patient/Observation.rs', { patient: 'nobody' })
  assert.equal(JSON.parse((await world.ask(caller, 'Observation')).body).total, 0)
})

for (const patient of ['', '*', 'a,b', 'a/', '../a', 'Patient/a'])
  test(`SCOPE-20: a patient claim like «${patient}» opens nothing`, async () => {
    const caller = callerWith('patient/Observation.rs', { patient })
    assert.equal((await world.ask(caller, 'Observation/a-lab')).status, 404)
    assert.equal(JSON.parse((await world.ask(caller, 'Observation')).body).total, 0)
  })
