/** A relation that is over opens nothing: care that ended, a child that is grown, a Consent that says no. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Resource } from '../../../src/smart/resource.ts'
import { createPolicyWorld, type PolicyWorld } from './policy-world.ts'
import { found, textOf } from './world.ts'

const member = { reference: 'Practitioner/nurse' }
const subject = { reference: 'Patient/a' }

const team = (more: object = {}): Resource => ({
  resourceType: 'CareTeam',
  id: 'team',
  status: 'active',
  subject,
  participant: [{ member }],
  ...more,
})
const visit = (end?: string): Resource => ({
  resourceType: 'Encounter',
  id: 'nursed',
  status: end === undefined ? 'in-progress' : 'finished',
  class: { code: 'AMB' },
  subject,
  participant: [{ individual: member }],
  period: { start: '2024-05-01', ...(end !== undefined && { end }) },
})

/** Whoever has no patient at all is refused before anything is looked up; else what is not theirs is absent. */
async function reads(world: PolicyWorld, account: string, target: string): Promise<boolean> {
  const { status } = await world.ask(await world.as(account, 'user/*.cruds'), target)
  if (status !== 200) assert.ok(status === 403 || status === 404, `${status}`)
  return status === 200
}

test('RSRC-09, RSRC-12, SEED-03: a clinician whose part in the care team ended has nothing a second later, whatever the token says', async () => {
  for (const over of [
    team({ status: 'inactive' }),
    team({ period: { end: '2024-04-30' } }),
    team({ participant: [] }),
    team({ subject: { reference: 'Patient/b' } }),
  ]) {
    const world = await createPolicyWorld({ clinicians: 'care' })
    assert.ok(!(await reads(world, 'nurse', 'Observation/a-lab')))
    await world.repository.update(team())
    world.wait()
    assert.ok(await reads(world, 'nurse', 'Observation/a-lab'))
    assert.ok(!(await reads(world, 'nurse', 'Observation/b-lab')))
    await world.repository.update(over)
    world.wait()
    assert.ok(!(await reads(world, 'nurse', 'Observation/a-lab')))
    const caller = await world.as('nurse', 'user/*.cruds patient/*.cruds', 'a')
    assert.doesNotMatch(await textOf(await world.ask(caller, 'Observation?patient=a')), /secret of a/)
  }
})

test('RSRC-09: after an encounter a clinician has the patient for the time of grace, and no longer', async () => {
  const world = await createPolicyWorld({ clinicians: 'care' })
  await world.repository.update(visit())
  assert.ok(await reads(world, 'nurse', 'Observation/a-lab'))
  await world.repository.update(visit('2024-05-01T12:00:00Z'))
  const day = 86_400_000
  world.wait(30 * day - 1000)
  assert.ok(await reads(world, 'nurse', 'Observation/a-lab'))
  world.wait(1000)
  assert.ok(!(await reads(world, 'nurse', 'Observation/a-lab')))
})

test('a clinician cannot bring a patient into their own care by writing', async () => {
  const world = await createPolicyWorld({ clinicians: 'care' })
  for (const body of [team(), visit()]) {
    const { id: _id, ...rest } = body
    const caller = await world.as('nurse', 'user/*.cruds')
    const reply = await world.ask(caller, body.resourceType, { method: 'POST', body: rest })
    assert.equal(reply.status, 403)
  }
  world.wait()
  assert.ok(!(await reads(world, 'nurse', 'Observation/a-lab')))
})

test('RSRC-09: a parent loses the record on the birthday of majority, and when the relation ends', async () => {
  const world = await createPolicyWorld()
  assert.ok(await reads(world, 'parent-of-b', 'Observation/b-lab'))
  const child = (await world.repository.read('Patient', 'b'))?.resource as Resource
  await world.repository.update({ ...child, birthDate: '2006-05-01' })
  world.wait()
  for (const target of ['Observation/b-lab', 'Patient/b', 'Patient/b/$everything'])
    assert.ok(!(await reads(world, 'parent-of-b', target)), target)
  await world.repository.update({ ...child, birthDate: '2006-05-02' })
  world.wait()
  assert.ok(await reads(world, 'parent-of-b', 'Observation/b-lab'))
  const tie = (await world.repository.read('RelatedPerson', 'parent-of-b'))?.resource as Resource
  for (const over of [
    { active: false },
    { period: { end: '2024-04-30' } },
    { patient: { reference: 'Patient/a' } },
  ]) {
    await world.repository.update({ ...tie, ...over })
    world.wait()
    assert.ok(!(await reads(world, 'parent-of-b', 'Observation/b-lab')), JSON.stringify(over))
  }
})

test('a parent cannot make a child younger, nor the relation another', async () => {
  const world = await createPolicyWorld()
  const caller = await world.as('parent-of-b', 'user/*.cruds patient/*.cruds', 'b')
  for (const [type, id] of [
    ['Patient', 'b'],
    ['RelatedPerson', 'parent-of-b'],
  ] as const) {
    const stored = await world.repository.read(type, id)
    const body = { ...stored?.resource, birthDate: '2023-01-01', patient: { reference: 'Patient/a' } }
    assert.equal((await world.ask(caller, `${type}/${id}`, { method: 'PUT', body })).status, 403)
  }
})

const consent = (provision: object): Resource => ({
  resourceType: 'Consent',
  id: 'wish',
  status: 'active',
  scope: { coding: [{ code: 'patient-privacy' }] },
  category: [{ text: 'privacy' }],
  patient: subject,
  provision,
})
const actor = [{ role: { coding: [{ code: 'IRCP' }] }, reference: { reference: 'Practitioner/nurse' } }]
const observations = [{ system: 'http://hl7.org/fhir/resource-types', code: 'Observation' }]
const psychiatric = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'PSY' }]

/** Targets of patient a, and who still has each under a Consent. */
const wishes: readonly (readonly [string, object, Record<string, string>])[] = [
  [
    'by actor',
    { type: 'deny', actor },
    { 'Observation/a-lab': 'doctor patient-a', 'Encounter/a-visit': 'doctor patient-a' },
  ],
  [
    'by class',
    { type: 'deny', class: observations },
    { 'Observation/a-lab': 'patient-a', 'Encounter/a-visit': 'doctor nurse patient-a' },
  ],
  [
    'by label',
    { type: 'deny', securityLabel: psychiatric },
    { 'Observation/a-lab': 'doctor nurse patient-a', 'Condition/a-psychiatric': 'patient-a' },
  ],
  [
    'of everything',
    { type: 'deny' },
    { 'Observation/a-lab': 'patient-a', 'Patient/a': 'patient-a', 'Observation/b-lab': 'doctor nurse' },
  ],
  [
    'of everything but one class',
    { type: 'deny', provision: [{ type: 'permit', class: observations }] },
    { 'Observation/a-lab': 'doctor nurse patient-a', 'Encounter/a-visit': 'patient-a' },
  ],
]

for (const [name, provision, expected] of wishes)
  test(`a patient’s Consent denies ${name}: read, search, inclusion and count agree`, async () => {
    const world = await createPolicyWorld()
    await world.repository.update(consent(provision))
    for (const [target, readers] of Object.entries(expected)) {
      const [type = '', id = ''] = target.split('/')
      for (const account of ['doctor', 'nurse', 'patient-a']) {
        const may = readers.split(' ').includes(account)
        const caller = await world.as(account, 'user/*.rs')
        assert.equal((await world.ask(caller, target)).status, may ? 200 : 404, `${account} ${target}`)
        assert.equal((await world.ask(caller, `${target}/_history/1`)).status, may ? 200 : 404)
        const searched = found(await world.ask(caller, `${type}?_id=${id}`))
        assert.deepEqual(
          [searched.entries.length, searched.total],
          may ? [1, 1] : [0, 0],
          `${account} ${target}`,
        )
      }
    }
    const nurse = await world.as('nurse', 'user/*.rs')
    const included = await textOf(
      await world.ask(
        nurse,
        'DiagnosticReport?_include=DiagnosticReport:result&_include=DiagnosticReport:subject',
      ),
    )
    const mayObservations = (expected['Observation/a-lab'] ?? '').includes('nurse')
    assert.equal(/"id": ?"a-lab"/.test(included), mayObservations)
  })

test('a Consent counts a second after it is written; withdrawn it no longer does', async () => {
  const world = await createPolicyWorld()
  assert.ok(await reads(world, 'nurse', 'Observation/a-lab'))
  await world.repository.update(consent({ type: 'deny', actor }))
  world.wait()
  assert.ok(!(await reads(world, 'nurse', 'Observation/a-lab')))
  assert.ok(await reads(world, 'doctor', 'Observation/a-lab'))
})

test('whom a Consent denies cannot take it away', async () => {
  const world = await createPolicyWorld()
  await world.repository.update(consent({ type: 'deny', actor }))
  const nurse = await world.as('nurse', 'user/*.cruds')
  const body = { ...consent({ type: 'permit' }), status: 'inactive' }
  assert.equal((await world.ask(nurse, 'Consent/wish', { method: 'PUT', body })).status, 404)
  assert.notEqual((await world.ask(nurse, 'Consent/wish', { method: 'DELETE' })).status, 204)
  assert.equal((await world.repository.read('Consent', 'wish'))?.version, '1')
})

test('a patient writes their own Consent and no one else’s', async () => {
  const world = await createPolicyWorld()
  const caller = await world.as('patient-a', 'patient/Consent.cu', 'a')
  const body = {
    ...consent({ type: 'deny', actor }),
    id: undefined,
    policyRule: { text: 'x' },
    performer: [subject],
  }
  const write = async (more: object) =>
    (await world.ask(caller, 'Consent', { method: 'POST', body: { ...body, ...more } })).status
  assert.equal(await write({}), 201)
  assert.equal(await write({ patient: { reference: 'Patient/b' } }), 403)
})
