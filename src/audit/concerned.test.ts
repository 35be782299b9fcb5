import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concernedBy } from './concerned.ts'
import { signedIn } from './event.ts'
import { fhirAllowed, fhirRefused } from './fhir-access.ts'

const own = { fhirUser: 'Patient/a' }
const asked = { interaction: 'read', type: 'Observation', id: 'x' }

test('an event concerns the patients it touched, each once, or else the patient who acted', () => {
  assert.deepEqual(
    concernedBy(fhirAllowed(own, asked, 200, { patients: ['b', 'b', 'no id!'], resources: [] })),
    ['b'],
  )
  assert.deepEqual(concernedBy(fhirAllowed(own, asked, 200, { patients: [], resources: [] })), ['a'])
  assert.deepEqual(concernedBy(signedIn(own, 'password')), ['a'])
  assert.deepEqual(concernedBy(signedIn({ fhirUser: 'Practitioner/a' }, 'password')), [])
})

test('of what a patient asked for in vain, their own trail says the same whether it is hidden or absent', () => {
  const hidden = fhirRefused(own, asked, 404, 'notFound: reach', { patients: ['b'], resources: [] })
  const absent = fhirRefused(own, asked, 404, 'notFound: absent', { patients: [], resources: [] })
  for (const event of [hidden, absent]) assert.ok(!concernedBy(event).includes('a'))
})

test('of what is withheld from them in their own record, patients and who acts for them are told nothing by the trail', () => {
  const touched = { patients: ['a', 'b'], resources: ['Observation/x'] }
  const hidden = (fhirUser: string) =>
    concernedBy(fhirRefused({ fhirUser }, asked, 404, 'notFound: reach', touched))
  assert.deepEqual(hidden('Patient/a'), ['b'])
  assert.deepEqual(hidden('RelatedPerson/parent'), [])
  assert.deepEqual(hidden('Practitioner/doctor'), ['a', 'b'])
})
