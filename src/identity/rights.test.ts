import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Authority, decide } from '../smart/decision.ts'
import type { Letter } from '../smart/scope.ts'
import type { Account, Role } from './account.ts'
import type { Relations } from './ports.ts'
import { rememberRelations } from './remembered-relations.ts'
import { ownPatients, rightsOf, withheldFrom } from './rights.ts'

const NOW = Date.UTC(2026, 5, 15, 12)
const relations = (until?: string): Relations => ({
  patientsInCareOf: async (practitioner) => (practitioner === 'okafor' ? ['p1', 'p2'] : []),
  recordOf: async (id) => (id === 'diego-for-mateo' ? { patient: 'mateo', until } : undefined),
})

function account(roles: Role[], records: string[], more: Partial<Account> = {}): Account {
  return {
    id: 'user_x',
    username: 'x',
    name: 'X',
    roles,
    records,
    fhirUser: records[0],
    disabled: false,
    ...more,
  }
}

/** `r Observation Patient/p1`-like lines of the rights that concern a type, reference data left out. */
async function told(who: Account, type: string, letter: Letter, until?: string): Promise<string[]> {
  const rights = await rightsOf(who, relations(until), NOW)
  return rights
    .filter(({ letters, slice }) => letters.includes(letter) && (slice.type === type || slice.type === '*'))
    .map(({ slice }) =>
      [...slice.compartments, ...slice.filter.map(({ parameter, value }) => `${parameter}=${value}`)].join(
        ' ',
      ),
    )
}

test('a patient reads their own record and that of a child they act for, and nobody else’s', async () => {
  const diego = account(
    ['patient'],
    ['Patient/diego', 'RelatedPerson/diego-for-mateo', 'RelatedPerson/stale'],
  )
  assert.deepEqual(await told(diego, 'Condition', 'r'), ['Patient/diego', 'Patient/mateo'])
  assert.deepEqual(await told(diego, 'Condition', 'c'), [])
  assert.deepEqual(await told(diego, 'Observation', 'd'), [])
  assert.deepEqual(await ownPatients(diego, relations(), NOW), ['diego', 'mateo'])
})

test('a patient adds observations to the record, and changes only those they made', async () => {
  const amara = account(['patient'], ['Patient/amara'])
  assert.deepEqual(await told(amara, 'Observation', 'c'), ['Patient/amara'])
  assert.deepEqual(await told(amara, 'Observation', 'u'), ['Patient/amara performer=Patient/amara'])
  assert.deepEqual(await told(amara, 'MedicationRequest', 'u'), [])
})

test('acting for another ends with the period, its last day included', async () => {
  const diego = account(['patient'], ['RelatedPerson/diego-for-mateo'])
  for (const until of ['2026-06-15', '2026-06', '2026', '2026-06-15T13:00:00Z']) {
    assert.deepEqual(await told(diego, 'Condition', 'r', until), ['Patient/mateo'], until)
  }
  for (const until of ['2026-06-14', '2026-05', '2025', '2026-06-15T11:00:00Z', 'someday']) {
    assert.deepEqual(await told(diego, 'Condition', 'r', until), [], until)
  }
})

test('a clinician has everything, or with care-team rights the patients in their care', async () => {
  assert.deepEqual(await told(account(['clinician'], ['Practitioner/lin']), 'Condition', 'd'), [''])
  const nurse = account(['clinician'], ['Practitioner/okafor'], { careTeamOnly: true })
  assert.deepEqual(await told(nurse, 'Condition', 'd'), ['Patient/p1', 'Patient/p2'])
  const stranger = account(['clinician'], ['Practitioner/new'], { careTeamOnly: true })
  assert.deepEqual(await told(stranger, 'Condition', 'r'), [])
})

test('an administrator has no clinical rights, a disabled account none at all', async () => {
  assert.deepEqual(await told(account(['admin'], []), 'Patient', 'r'), [])
  assert.deepEqual(
    await rightsOf(account(['clinician'], ['Practitioner/lin'], { disabled: true }), relations(), NOW),
    [],
  )
})

test('everybody reads reference data and nobody but a clinician writes it', async () => {
  for (const who of [account(['patient'], ['Patient/amara']), account(['admin'], [])]) {
    assert.deepEqual(
      await told(who, 'Practitioner', 'r'),
      who.roles[0] === 'patient' ? ['Patient/amara', ''] : [''],
    )
    assert.deepEqual(await told(who, 'Organization', 'u'), [])
  }
})

test('results that wait for release are withheld from all but clinicians, by the one decision', async () => {
  const amara = account(['patient'], ['Patient/amara'])
  const scope = {
    kind: 'resource',
    level: 'user',
    type: 'Observation',
    letters: ['r', 's'],
    filter: [],
    version: 2,
  } as const
  const authority: Authority = {
    scopes: [scope],
    rights: await rightsOf(amara, relations(), NOW),
    withheld: withheldFrom(amara),
  }
  const decision = decide(authority, { kind: 'search-type', type: 'Observation', query: '' })
  assert.equal(decision.outcome, 'narrowed')
  assert.deepEqual(decision.outcome === 'narrowed' && decision.reach, {
    within: [{ type: 'Observation', compartments: ['Patient/amara'], filter: [] }],
    without: [
      {
        type: 'Observation',
        compartments: [],
        filter: [{ parameter: '_tag', value: 'urn:chartkey:release|unreleased' }],
      },
    ],
  })
  assert.deepEqual(withheldFrom(account(['clinician', 'patient'], [])), [])
})

test('care relations are asked again after seconds, and at once after a failure', async () => {
  let time = 0
  let asked = 0
  let failing = true
  const remembered = rememberRelations(
    {
      ...relations(),
      patientsInCareOf: async () => {
        asked++
        if (failing) throw new Error('no answer')
        return ['p1']
      },
    },
    () => time,
  )
  await assert.rejects(remembered.patientsInCareOf('x'))
  failing = false
  await remembered.patientsInCareOf('x')
  await remembered.patientsInCareOf('x')
  assert.equal(asked, 2)
  time = 3000
  await remembered.patientsInCareOf('x')
  assert.equal(asked, 3)
})
