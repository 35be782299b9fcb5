import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Resource } from '../../smart/resource.ts'
import { validate } from './validate.ts'

const patient: Resource = {
  resourceType: 'Patient',
  name: [{ family: 'Lin', given: ['Mei'] }],
  birthDate: '2014-05-01',
}

test('a valid resource has no issues', () => {
  assert.deepEqual(validate(patient), [])
  assert.deepEqual(
    validate({
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'Height' },
      valueQuantity: { value: 120 },
    }),
    [],
  )
})

test('an element with the content of another may be absent where the other may not', () => {
  const code = { coding: [{ code: 'x' }] }
  const agent = [{ who: { reference: 'Practitioner/1' } }]
  const entity = [{ role: 'source', what: { reference: 'DocumentReference/1' } }]
  const target = [{ reference: 'Patient/1' }]
  const provenance = { resourceType: 'Provenance', target, recorded: '2024-01-01T00:00:00Z', agent, entity }
  assert.deepEqual(validate(provenance), [])
  const { agent: _, ...without } = { ...provenance, activity: code }
  assert.deepEqual(
    validate(without).map(({ expression }) => expression),
    ['Provenance.agent'],
  )
  const compose = { include: [{ system: 'urn:a' }] }
  assert.deepEqual(validate({ resourceType: 'ValueSet', status: 'active', compose }), [])
})

test('each problem names its element', () => {
  const expressions = (resource: Resource) => validate(resource).map((issue) => issue.expression)
  assert.deepEqual(expressions({ ...patient, birthDate: '2014-13-01' }), ['Patient.birthDate'])
  assert.deepEqual(expressions({ ...patient, shoeSize: 42 }), ['Patient.shoeSize'])
  assert.deepEqual(expressions({ ...patient, name: { family: 'Lin' } }), ['Patient.name'])
  assert.deepEqual(expressions({ resourceType: 'Observation', status: 'final' }), ['Observation.code'])
})

test('base64 may be broken into lines, as R4 has it, and has to be base64', () => {
  const binary = (data: unknown) => validate({ resourceType: 'Binary', contentType: 'image/png', data })
  const line = 'iVBORw0KGgoAAAANSUhE'
  for (const data of [line, `${line}\n${line}\r\n  AAAA\n`, 'QQ==']) assert.deepEqual(binary(data), [], data)
  for (const data of ['AAA', 'AAAA\nAAA', '!AAA', '\n', ' '])
    assert.deepEqual(
      binary(data).map(({ expression }) => expression),
      ['Binary.data'],
    )
  const valued = (valueBase64Binary: string) => ({
    resourceType: 'Patient',
    contained: [
      { resourceType: 'Basic', code: { text: 'x' }, extension: [{ url: 'urn:x', valueBase64Binary }] },
    ],
  })
  assert.deepEqual(validate(valued(`${line}\n${line}`)), [])
  assert.equal(validate(valued(`${line}\n${line}A`)).length, 1)
})

test('what real records get wrong is named by its element: each of these was met', () => {
  const wrong: readonly (readonly [Resource, string])[] = [
    [
      {
        resourceType: 'DiagnosticReport',
        status: 'final',
        code: { text: 'x' },
        text: { status: 'generated' },
      },
      'DiagnosticReport.text.div',
    ],
    [{ resourceType: 'Media', status: 'completed', content: { link: 'x' } }, 'Media.content.link'],
    [
      {
        resourceType: 'Observation',
        status: 'final',
        code: { text: 'x' },
        effectivePeriod: { start: '2024-01-01', stop: '2024-01-02' },
      },
      'Observation.effective[x].stop',
    ],
  ]
  for (const [resource, expression] of wrong)
    assert.deepEqual(
      validate(resource).map((issue) => issue.expression),
      [expression],
    )
})

test('an invariant of the specification is checked', () => {
  const [issue] = validate({ resourceType: 'Patient', contact: [{ gender: 'male' }] })
  assert.equal(issue?.code, 'invariant')
  assert.match(issue?.text ?? '', /contact/i)
})

test('a type that R4 does not have is refused, inside another resource too', () => {
  for (const type of ['Project', 'Bot', 'Hat', 'SubscriptionStatus', 'constructor']) {
    assert.equal(validate({ resourceType: type }).length, 1, type)
    assert.equal(validate({ ...patient, contained: [{ resourceType: type }] }).length, 1, `contained ${type}`)
  }
})

test('contained resources are checked', () => {
  const [issue] = validate({
    ...patient,
    contained: [{ resourceType: 'Encounter', id: 'e', status: 'finished' }],
  })
  assert.match(issue?.expression ?? '', /class/)
})

test('hostile shapes give issues, not exceptions', () => {
  const shapes: unknown[] = [
    { resourceType: 'Patient', name: null },
    { resourceType: 'Patient', name: [null] },
    { resourceType: 'Patient', name: [[{}]] },
    { resourceType: 'Patient', contained: ['Patient'] },
    { resourceType: ['Patient'], name: 1 },
    { resourceType: 'Observation', status: { toString: 1 }, code: true },
  ]
  for (const shape of shapes) assert.notEqual(validate(shape as Resource).length, 0, JSON.stringify(shape))
})

test('what stands where a type should is an issue, whatever it is', () => {
  for (const resourceType of [{ toString: 0 }, ['Patient'], 7, null]) {
    const contained = [{ resourceType }] as unknown as Resource[]
    assert.notDeepEqual(validate({ ...patient, contained }), [], JSON.stringify(resourceType))
  }
})
