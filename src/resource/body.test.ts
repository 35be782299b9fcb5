import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseBody } from './body.ts'
import { FhirError } from './outcomes.ts'
import type { FhirRequest } from './request.ts'

function requestOf(body: string, contentType = 'application/fhir+json'): FhirRequest {
  return { method: 'POST', path: 'Patient', search: '', headers: {}, body, contentType }
}

function problemOf(body: string, type = 'Patient', id?: string, contentType?: string): [number, string] {
  try {
    parseBody(requestOf(body, contentType), type, id)
  } catch (error) {
    if (error instanceof FhirError) return [error.kind.status, error.message]
    throw error
  }
  return assert.fail('was taken')
}

test('a resource of the address is taken, with or without an id', () => {
  const resource = { resourceType: 'Patient', id: '1' }
  assert.deepEqual(parseBody(requestOf(JSON.stringify(resource)), 'Patient'), resource)
  assert.deepEqual(
    parseBody(requestOf(JSON.stringify(resource), 'application/json'), 'Patient', '1'),
    resource,
  )
})

const refused: [string, string, number, RegExp][] = [
  ['nothing', '', 400, /empty/],
  ['a list', '[]', 400, /not a JSON object/],
  ['null', 'null', 400, /not a JSON object/],
  ['no type', '{}', 400, /no resourceType/],
  ['a type that is no text', '{"resourceType":["Patient"]}', 400, /no resourceType/],
  ['another type', '{"resourceType":"Observation"}', 400, /address takes Patient/],
  ['a comma too many', '{"resourceType":"Patient",}', 400, /at position 26/],
  ['an early end', '{"resourceType":"Pat', 400, /position 20|too early/],
  [
    'a hundred thousand members',
    `{"resourceType":"Patient","x":[${'1,'.repeat(100_000)}1]}`,
    400,
    /more than/,
  ],
  ['deep nesting', '['.repeat(100_000), 400, /nested more than 64/],
]

for (const [name, body, status, text] of refused)
  test(`a body with ${name} is refused and the problem named`, () => {
    const [found, message] = problemOf(body)
    assert.equal(found, status)
    assert.match(message, text)
  })

test('an error never quotes the body', () => {
  assert.doesNotMatch(problemOf('secret-words')[1], /secret/)
})

test('brackets inside of texts do not count as nesting', () => {
  const resource = { resourceType: 'Patient', text: '[{"\\'.repeat(200) }
  assert.deepEqual(parseBody(requestOf(JSON.stringify(resource)), 'Patient'), resource)
})

test('an update whose body has another id, or none, is refused', () => {
  assert.match(problemOf('{"resourceType":"Patient","id":"2"}', 'Patient', '1')[1], /id of the address: 1/)
  assert.match(problemOf('{"resourceType":"Patient"}', 'Patient', '1')[1], /id of the address: 1/)
})

for (const type of ['application/fhir+xml', 'text/plain', 'application/x-www-form-urlencoded', ''])
  test(`a body sent as ${type || 'nothing'} is refused with 415`, () => {
    assert.equal(problemOf('{"resourceType":"Patient"}', 'Patient', undefined, type)[0], 415)
  })
