import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FhirError } from './outcomes.ts'
import { recognise } from './recognise.ts'

function kindOf(method: string, path: string, body = ''): string | number {
  try {
    return recognise({ method, path, search: '', headers: {}, body, contentType: '' }).kind
  } catch (error) {
    if (error instanceof FhirError) return error.kind.status
    throw error
  }
}

const table: [string, string, string | number, string?][] = [
  ['GET', 'Patient/1', 'read'],
  ['HEAD', 'Patient/1', 'read'],
  ['GET', 'Patient/1/_history/2', 'vread'],
  ['GET', 'Patient', 'search-type'],
  ['POST', 'Patient/_search', 'search-type'],
  ['POST', 'Patient', 'create'],
  ['GET', 'metadata', 'capabilities'],
  ['POST', '', 'batch', '{"resourceType":"Bundle","type":"batch"}'],
  ['POST', '', 400, '{"resourceType":"Bundle","type":"collection"}'],
  ['POST', '', 400, 'nonsense'],
  ['GET', 'Patients/1', 404],
  ['GET', 'patient/1', 404],
  ['GET', '/Patient/1', 404],
  ['GET', 'Patient//1', 404],
  ['GET', 'Patient/1/', 404],
  ['GET', 'Patient/1%2F_history%2F1', 404],
  ['GET', 'Patient%2F1', 404],
  ['GET', 'Patient/..%2FObservation', 404],
  ['GET', 'Patient/%zz', 404],
  ['GET', 'Patient/_search', 404],
  ['POST', 'Patient/1', 404],
  ['get', 'Patient/1', 405],
  ['TRACE', 'Patient/1', 405],
]

for (const [method, path, expected, body] of table)
  test(`${method} «${path}»${body ? ' with a body' : ''} is ${expected}`, () => {
    assert.equal(kindOf(method, path, body), expected)
  })

test('a header that names another method changes nothing', () => {
  const headers = { 'x-http-method-override': 'DELETE', 'x-http-method': 'PUT', 'x-method-override': 'PUT' }
  const request = {
    method: 'GET',
    path: 'Patient/1',
    search: '_method=DELETE',
    headers,
    body: '',
    contentType: '',
  }
  assert.equal(recognise(request).kind, 'read')
})
