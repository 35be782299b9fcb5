/** Who is in whose care: by care team, encounter and appointment, as long as each lasts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openEmpty } from '../../test/fixtures/databases.ts'
import { indexing } from '../resource/search/indexing.ts'
import type { CareKind } from '../smart/policy.ts'
import type { Resource } from '../smart/resource.ts'
import { createRecords } from '../store/records/records.ts'
import { createRelations } from './relations.ts'

const NOW = Date.UTC(2026, 5, 15, 12)
const DAY = 86_400_000
const base = 'https://ehr.example.org/fhir'
const lin = { reference: 'Practitioner/lin' }
const post = { reference: 'PractitionerRole/lin-here' }
const patient = { reference: 'Patient/1' }

async function relationsOver(...resources: Resource[]) {
  const repository = createRecords(await openEmpty(), { indexing, now: () => NOW, newId: () => 'x' })
  await repository.putAll(resources)
  const told: string[] = []
  const relations = createRelations(repository, base, { warn: (_detail, text) => told.push(text) }, () => NOW)
  return { relations, repository, told }
}

const rule = (kind: CareKind) => ({
  by: [kind],
  afterEncounter: 30 * DAY,
  beforeAppointment: 7 * DAY,
  afterAppointment: 7 * DAY,
})

async function inCare(kind: CareKind, resource: object): Promise<readonly string[]> {
  const { relations } = await relationsOver({ id: 'one', ...resource } as Resource)
  return relations.patientsInCareOf(['Practitioner/lin', 'PractitionerRole/lin-here'], rule(kind))
}

const team = (more: object) => ({
  resourceType: 'CareTeam',
  status: 'active',
  subject: patient,
  participant: [{ member: lin }],
  ...more,
})
const visit = (more: object) => ({
  resourceType: 'Encounter',
  status: 'in-progress',
  class: { code: 'AMB' },
  subject: patient,
  participant: [{ individual: lin }],
  period: { start: '2026-06-15T08:00:00Z' },
  ...more,
})
const appointment = (more: object) => ({
  resourceType: 'Appointment',
  status: 'booked',
  start: '2026-06-18T09:00:00Z',
  end: '2026-06-18T09:30:00Z',
  participant: [
    { actor: lin, status: 'accepted' },
    { actor: patient, status: 'accepted' },
  ],
  ...more,
})

const cases: readonly (readonly [string, CareKind, object, boolean])[] = [
  ['an active team', 'care-team', team({}), true],
  ['a team by a post', 'care-team', team({ participant: [{ member: post }] }), true],
  [
    'a team without the clinician',
    'care-team',
    team({ participant: [{ member: { reference: 'Practitioner/x' } }] }),
    false,
  ],
  ['a team that is over', 'care-team', team({ period: { end: '2026-06-14' } }), false],
  ['a team that has not begun', 'care-team', team({ period: { start: '2026-06-16' } }), false],
  [
    'a team that the clinician left',
    'care-team',
    team({ participant: [{ member: lin, period: { end: '2026-01-01' } }] }),
    false,
  ],
  ['an inactive team', 'care-team', team({ status: 'inactive' }), false],
  ['a proposed team', 'care-team', team({ status: 'proposed' }), false],
  ['a visit that goes on', 'encounter', visit({}), true],
  ['a stay of years that goes on', 'encounter', visit({ period: { start: '2020-01-01' } }), true],
  [
    'a visit that ended lately',
    'encounter',
    visit({ status: 'finished', period: { start: '2026-05-17', end: '2026-05-17' } }),
    true,
  ],
  [
    'a visit that ended long ago',
    'encounter',
    visit({ status: 'finished', period: { start: '2026-05-14', end: '2026-05-14' } }),
    false,
  ],
  [
    'a visit that is said to go on though its time is over',
    'encounter',
    visit({ period: { start: '2026-01-01', end: '2026-01-02' } }),
    false,
  ],
  ['a finished visit of unknown time', 'encounter', visit({ status: 'finished', period: undefined }), false],
  [
    'a finished visit of unknown end',
    'encounter',
    visit({ status: 'finished', period: { start: '2026-06-15' } }),
    false,
  ],
  ['a cancelled visit', 'encounter', visit({ status: 'cancelled' }), false],
  ['a visit entered in error', 'encounter', visit({ status: 'entered-in-error' }), false],
  [
    'a visit planned for this week',
    'encounter',
    visit({ status: 'planned', period: { start: '2026-06-20' } }),
    true,
  ],
  [
    'a visit planned for next month',
    'encounter',
    visit({ status: 'planned', period: { start: '2026-07-20' } }),
    false,
  ],
  ['a visit planned for no time', 'encounter', visit({ status: 'planned', period: undefined }), false],
  [
    'a visit that the clinician left long ago',
    'encounter',
    visit({ participant: [{ individual: lin, period: { end: '2026-01-01' } }] }),
    false,
  ],
  ['an appointment this week', 'appointment', appointment({}), true],
  [
    'an appointment next month',
    'appointment',
    appointment({ start: '2026-07-18T09:00:00Z', end: undefined }),
    false,
  ],
  [
    'an appointment that was kept last week',
    'appointment',
    appointment({ status: 'fulfilled', start: '2026-06-10T09:00:00Z', end: '2026-06-10T10:00:00Z' }),
    true,
  ],
  [
    'an appointment of last month',
    'appointment',
    appointment({ status: 'fulfilled', start: '2026-05-10T09:00:00Z', end: '2026-05-10T10:00:00Z' }),
    false,
  ],
  ['an appointment that was missed', 'appointment', appointment({ status: 'noshow' }), false],
  [
    'an appointment that the clinician declined',
    'appointment',
    appointment({
      participant: [
        { actor: lin, status: 'declined' },
        { actor: patient, status: 'accepted' },
      ],
    }),
    false,
  ],
  [
    'an appointment without a time',
    'appointment',
    appointment({ status: 'proposed', start: undefined, end: undefined }),
    false,
  ],
]

for (const [name, kind, resource, expected] of cases)
  test(`${name} brings a patient ${expected ? 'into' : 'into no'} care`, async () => {
    assert.deepEqual(await inCare(kind, resource), expected ? ['1'] : [])
  })

test('only what the rule names counts', async () => {
  assert.deepEqual(await inCare('encounter', team({})), [])
})

test('thousands of patients are all found', async () => {
  const teams = Array.from({ length: 2500 }, (_, at) =>
    team({ id: `t${at}`, subject: { reference: `Patient/p${at}` } }),
  ) as unknown as Resource[]
  const { relations, told } = await relationsOver(...teams)
  assert.equal((await relations.patientsInCareOf(['Practitioner/lin'], rule('care-team'))).length, 2500)
  assert.deepEqual(told, [])
})

test('a RelatedPerson tells whom it acts for and what decides for how long; an inactive or deleted one does not', async () => {
  const tie = (more: object) =>
    ({
      resourceType: 'RelatedPerson',
      id: 'father',
      patient,
      relationship: [{ coding: [{ code: 'FTH' }] }],
      period: { start: '2020-01-01', end: '2038-01-01' },
      ...more,
    }) as Resource
  const child = { resourceType: 'Patient', id: '1', birthDate: '2020-01-01' }
  const { relations, repository } = await relationsOver(child, tie({}))
  assert.deepEqual(await relations.recordOf('father'), {
    patient: '1',
    since: '2020-01-01',
    until: '2038-01-01',
    relationships: ['FTH'],
    birthDate: '2020-01-01',
  })
  await repository.update(tie({ active: false }))
  assert.equal(await relations.recordOf('father'), undefined)
  await repository.update(tie({}))
  await repository.delete('RelatedPerson', 'father')
  assert.equal(await relations.recordOf('father'), undefined)
})

test('posts are those of active roles', async () => {
  const role = (id: string, code: string, active: boolean) =>
    ({
      resourceType: 'PractitionerRole',
      id,
      active,
      practitioner: lin,
      code: [{ coding: [{ system: 'urn:posts', code }, { code: 'without system' }] }],
    }) as Resource
  const { relations } = await relationsOver(role('a', 'surgeon', true), role('b', 'chief', false))
  assert.deepEqual(await relations.postsOf(['Practitioner/lin', 'PractitionerRole/z']), ['urn:posts|surgeon'])
})
