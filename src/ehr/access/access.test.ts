import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuditEvent } from '../../audit/event.ts'
import { authorizeGranted, emergencyOpened, launchStarted } from '../../audit/event.ts'
import { toAuditEvent } from '../../audit/fhir/to-audit-event.ts'
import { fhirAllowed, fhirRefused } from '../../audit/fhir-access.ts'
import { groupSeen } from './groups.ts'
import { type Seen, seenFrom } from './seen.ts'

const people = {
  person: (id: string) => (id === 'lin' ? { name: 'Dr Lin', fhirUser: 'Practitioner/lin' } : undefined),
  app: () => 'Growth chart',
}
const lin = { user: 'lin', client: 'growth' }
const seen = (event: AuditEvent, patient = 'a', time = 0) =>
  seenFrom(toAuditEvent(1, { time, event }, { patient }, { base: 'https://x/fhir', people }), patient)
const asked = (interaction: string) => ({ interaction, type: 'Observation' })
const touched = { patients: ['a'], resources: ['Observation/1'] }

test('an event is read as who did what with which data through which app', () => {
  assert.deepEqual(seen(fhirAllowed(lin, asked('search-type'), 200, touched)), {
    time: '1970-01-01T00:00:00.000Z',
    account: 'lin',
    who: 'Dr Lin',
    app: 'Growth chart',
    deed: 'looked',
    type: 'Observation',
    outcome: 'allowed',
  })
  const deeds = ['read', 'create', 'update', 'patch', 'delete'].map(
    (interaction) => seen(fhirAllowed(lin, asked(interaction), 200, touched))?.deed,
  )
  assert.deepEqual(deeds, ['looked', 'added', 'changed', 'changed', 'removed'])
  assert.equal(seen(launchStarted(lin, { patient: 'a' }))?.deed, 'launched')
  assert.equal(seen(authorizeGranted(lin, 'patient/*.rs', 'a'))?.deed, 'allowed')
  assert.equal(seen(emergencyOpened(lin, 'a', 'unconscious', 0))?.deed, 'emergency')
})

test('what was refused names no other patient, and a program is no person', () => {
  const refused = seen(fhirRefused({ user: 'x', fhirUser: 'Patient/b' }, asked('read'), 404, 'r', touched))
  assert.deepEqual(
    [refused?.outcome, refused?.who, refused?.account],
    ['refused', 'Not named here', undefined],
  )
  const program = seen(fhirAllowed({ client: 'backend' }, asked('read'), 200, touched))
  assert.deepEqual([program?.who, program?.app], [undefined, 'Growth chart'])
})

test('an event about another patient is none', () => {
  const event = fhirAllowed(lin, asked('read'), 200, { patients: ['b'], resources: [] })
  const shown = toAuditEvent(1, { time: 0, event }, { patient: 'b' }, { base: 'https://x/fhir', people })
  assert.equal(seenFrom(shown, 'a'), undefined)
  assert.equal(seenFrom({ resourceType: 'Observation' }, 'a'), undefined)
})

test('neighbours of one person, app and kind within an hour are one line', () => {
  const at = (minute: number, more: Partial<Seen> = {}): Seen => ({
    time: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
    who: 'Dr Lin',
    deed: 'looked',
    outcome: 'allowed',
    type: 'Condition',
    ...more,
  })
  const groups = groupSeen([
    at(200),
    at(190, { type: 'Observation' }),
    at(150),
    at(140),
    at(139, { outcome: 'refused' }),
    at(138, { who: 'Ngozi' }),
    at(20, { who: 'Ngozi' }),
  ])
  assert.deepEqual(
    groups.map(({ who, types, count }) => [who, types, count]),
    [
      ['Dr Lin', ['Condition', 'Observation'], 3],
      ['Dr Lin', ['Condition'], 1],
      ['Dr Lin', ['Condition'], 1],
      ['Ngozi', ['Condition'], 1],
      ['Ngozi', ['Condition'], 1],
    ],
  )
})
