/** The audit trail as a way to learn what is withheld, and as something that costs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fhirAllowed } from '../../../src/audit/fhir-access.ts'
import { withTrail } from '../../../src/identity/audit-rights.ts'
import { ownCaller } from '../../../src/resource/own-caller.ts'
import type { Caller } from '../../../src/resource/request.ts'
import type { Right } from '../../../src/smart/decision.ts'
import { recordOf } from '../../../src/smart/record.ts'
import { callerWith, createWorld, found, nextOf } from './world.ts'

/** The rights of somebody who has the record of a patient. */
const onRecords = (patient: string): Right[] =>
  recordOf(patient).map((slice): Right => ({ letters: ['r', 's'], slice }))

const { withheld } = withTrail({ roles: ['patient'] }, { rights: [], withheld: [] })
const patientA = callerWith('patient/*.rs', { rights: onRecords('a'), withheld })
const doctor = callerWith('user/*.cruds', { patient: null, withheld })

test('what is withheld in a record in reach is told by the trail like what is absent, too', async () => {
  const world = await createWorld()
  const sealed = {
    type: 'Observation',
    compartments: [],
    filter: [{ parameter: 'category', value: 'vital-signs' }],
  }
  const share = (id: string | undefined) =>
    withTrail({ roles: [], ...(id !== undefined && { id }) }, { rights: onRecords('a'), withheld: [sealed] })
  const { user: _, ...service } = callerWith('system/*.rs', { patient: null, ...share(undefined) })
  const readers: [string, Caller][] = [
    ['a patient', { ...callerWith('patient/*.rs', share('user-1')), fhirUser: 'Patient/a' }],
    [
      'a patient on pages of the server',
      ownCaller({ user: 'user-1' }, { ...share('user-1'), fhirUser: 'Patient/a' }),
    ],
    [
      'a clinician',
      { ...callerWith('user/*.rs', { patient: null, ...share('user-1') }), fhirUser: 'Practitioner/lin' },
    ],
    ['a service', service],
  ]
  for (const [who, reader] of readers) {
    const told = async () => found(await world.ask(reader, 'AuditEvent?outcome=8,4&_count=1000')).entries
    const start = await told()
    assert.equal((await world.ask(reader, 'Observation/a-vital')).status, 404)
    assert.deepEqual(await told(), start, who)
  }
})

test('records about thousands of patients cost a patient no more than their own form of each', async () => {
  const large = await createWorld()
  const patients = ['a', ...Array.from({ length: 3000 }, (_, at) => `p${at}`)]
  const search = { interaction: 'search-type', type: 'Observation' }
  const event = fhirAllowed({ user: 'u' }, search, 200, { patients, resources: [] })
  await Promise.all(Array.from({ length: 30 }, () => large.record(event)))
  const own = found(await large.ask(patientA, 'AuditEvent?_count=1000'))
  assert.deepEqual([own.entries.length, own.total], [30, 30])
  assert.equal((await large.ask(patientA, own.entries[0] ?? '')).status, 200)
  // Whoever may see all of them gets them in pieces of bounded work, each once.
  const seen: string[] = []
  let target: string | undefined = 'AuditEvent?_count=1000'
  let pages = 0
  for (; target !== undefined && pages < 15; pages++) {
    const page = await large.ask(doctor, target)
    seen.push(...found(page).entries)
    target = nextOf(page)
  }
  assert.ok(seen.length > 5000)
  assert.equal(new Set(seen).size, seen.length)
  const nothing = await large.ask(doctor, 'AuditEvent?agent:identifier=nobody')
  assert.ok(nextOf(nothing), 'all of the trail was looked at for one page')
})
