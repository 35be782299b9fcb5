import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  compartmentParameters,
  isCompartmentType,
  isInCompartment,
  isOnlyIn,
  isReferenceType,
  patientsOf,
} from './compartment.ts'
import type { Resource } from './resource.ts'

const to = (reference: string) => ({ reference })

test('SCOPE-20: a resource belongs to every patient that a parameter of the definition names', () => {
  const observation: Resource = {
    resourceType: 'Observation',
    subject: to('Patient/1'),
    performer: [to('Practitioner/9'), to('Patient/2/_history/3')],
  }
  assert.deepEqual(patientsOf(observation), ['1', '2'])
  assert.ok(isInCompartment(observation, 'Patient/2'))
  assert.ok(!isInCompartment(observation, 'Patient/3'))
  assert.ok(!isInCompartment(observation, 'Encounter/1'))
  assert.ok(!isInCompartment(observation, 'Patient/1/_history/1'))
})

test('elements that are no parameter of the definition do not count', () => {
  const procedure: Resource = {
    resourceType: 'Procedure',
    subject: to('Patient/1'),
    reportReference: [to('Patient/2')],
    asserter: to('Patient/3'),
    performer: [{ actor: to('Patient/4') }, { actor: to('Organization/1') }],
  }
  assert.deepEqual(patientsOf(procedure), ['1', '4'])
})

test('a patient is in their own compartment, and in those of linked patients', () => {
  assert.deepEqual(patientsOf({ resourceType: 'Patient', id: '1', link: [{ other: to('Patient/2') }] }), [
    '1',
    '2',
  ])
})

test('only relative references to a Patient count', () => {
  for (const reference of [
    'Group/1',
    '#1',
    'urn:uuid:1',
    'https://other.example/fhir/Patient/1',
    'patient/1',
    'Patient/1/',
    'Patient/1?x',
    'Patient/',
    ' Patient/1',
    'Patient/1/../2',
  ]) {
    assert.deepEqual(patientsOf({ resourceType: 'Observation', subject: to(reference) }), [], reference)
  }
  assert.deepEqual(patientsOf({ resourceType: 'Observation', subject: 'Patient/1' }), [])
  assert.deepEqual(patientsOf({ resourceType: 'Observation', subject: { reference: ['Patient/1'] } }), [])
})

test('types outside the definition have no patients; names of Object are no types', () => {
  assert.deepEqual(patientsOf({ resourceType: 'Practitioner', id: '1', subject: to('Patient/1') }), [])
  assert.ok(!isCompartmentType('constructor') && !isCompartmentType('Organization'))
  assert.deepEqual(patientsOf({ resourceType: 'constructor' }), [])
  assert.deepEqual(compartmentParameters('Procedure'), ['patient', 'performer'])
  assert.ok(isReferenceType('Medication') && !isReferenceType('Observation'))
})

test('what is of two patients is in the record of neither alone', () => {
  const shared = {
    resourceType: 'Communication',
    subject: { reference: 'Patient/1' },
    recipient: [{ reference: 'Patient/2' }],
  }
  assert.ok(!isOnlyIn(shared, ['Patient/1']))
  assert.ok(isOnlyIn(shared, ['Patient/1', 'Patient/2']))
  assert.ok(isOnlyIn({ ...shared, recipient: [] }, ['Patient/1']))
  assert.ok(!isOnlyIn({ resourceType: 'Communication' }, ['Patient/1']))
})
