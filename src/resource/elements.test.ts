import assert from 'node:assert/strict'
import { test } from 'node:test'
import { elementsWanted, subset } from './elements.ts'

const patient = {
  resourceType: 'Patient',
  id: '1',
  meta: { versionId: '1', tag: [{ code: 'own' }] },
  text: { status: 'generated' },
  modifierExtension: [{ url: 'urn:x' }],
  active: true,
  name: [{ family: 'Lin' }],
  birthDate: '2000-01-01',
  _birthDate: { extension: [] },
}

function membersAfter(...parameters: [string, string][]): string[] | undefined {
  const wanted = elementsWanted(parameters, 'Patient')
  return wanted && Object.keys(subset(patient, wanted)).sort()
}

test('_elements keeps the named members with their extensions, and those that are always sent', () => {
  const expected = ['_birthDate', 'birthDate', 'id', 'meta', 'modifierExtension', 'name', 'resourceType']
  assert.deepEqual(membersAfter(['_elements', 'name, birthDate']), expected)
  assert.deepEqual(membersAfter(['_elements', 'Patient.name'], ['_elements', 'birthDate']), expected)
})

test('_elements for another type, or of nothing, asks for nothing here', () => {
  assert.equal(membersAfter(['_elements', 'Observation.code']), undefined)
  assert.equal(membersAfter(['_elements', '']), undefined)
})

test('_summary=text and data', () => {
  assert.deepEqual(membersAfter(['_summary', 'text']), [
    'active',
    'id',
    'meta',
    'modifierExtension',
    'resourceType',
    'text',
  ])
  assert.equal(membersAfter(['_summary', 'data'])?.includes('text'), false)
  assert.equal(membersAfter(['_summary', 'false']), undefined)
})

test('a subset says so, beside its own tags, and the resource itself stays whole', () => {
  const marked = subset(patient, () => true)
  assert.deepEqual(marked.meta?.tag, [
    { code: 'own' },
    { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' },
  ])
  assert.equal(patient.meta.tag.length, 1)
})
