import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withRelativeReferences } from './references.ts'

const base = 'https://ehr.example.org/fhir'

function rewritten(reference: unknown): unknown {
  const resource = { resourceType: 'Observation', subject: { reference } }
  return (withRelativeReferences(resource as never, base) as { subject?: { reference?: unknown } }).subject
    ?.reference
}

const own: [string, string][] = [
  [`${base}/Patient/1`, 'Patient/1'],
  ['HTTPS://EHR.EXAMPLE.ORG:443/fhir/Patient/1', 'Patient/1'],
  [`${base}/x/../Patient/1`, 'Patient/1'],
  [`${base}/Patient/1?a=b#c`, 'Patient/1'],
  [`${base}/Patient/1/_history/2`, 'Patient/1/_history/2'],
]

for (const [from, to] of own)
  test(`SCOPE-20: ${from} is stored as ${to}`, () => assert.equal(rewritten(from), to))

const others = [
  'Patient/1',
  '#contained',
  'urn:uuid:0b3f8f3a-7f0e-4d2c-9c41-6a1f0d1f0a11',
  'https://other.example.org/fhir/Patient/1',
  'https://ehr.example.org/fhirs/Patient/1',
  'http://ehr.example.org/fhir/Patient/1',
  `${base}/Patient`,
  'https://',
  17,
]

for (const reference of others)
  test(`${reference} stays as it is`, () => assert.equal(rewritten(reference), reference))

test('references are found at any depth, and a resource without own ones stays the same value', () => {
  const plain = { resourceType: 'Observation', performer: [{ reference: 'Patient/1' }] }
  assert.equal(withRelativeReferences(plain, base), plain)
  const deep = {
    resourceType: 'Observation',
    performer: [{}, { reference: `${base}/Patient/1` }],
    note: [{ text: 'kept' }],
  }
  assert.deepEqual(withRelativeReferences(deep, base), {
    resourceType: 'Observation',
    performer: [{}, { reference: 'Patient/1' }],
    note: [{ text: 'kept' }],
  })
})

test('a member called __proto__ stays a plain member', () => {
  const hostile = JSON.parse(`{"resourceType":"Basic","__proto__":{"reference":"${base}/Patient/1"}}`)
  const walked = withRelativeReferences(hostile, base)
  assert.equal(Object.getPrototypeOf(walked), Object.prototype)
})
