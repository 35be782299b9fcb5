import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkAccept, checkFormType } from './negotiate.ts'
import { preferencesOf } from './preferences.ts'
import type { FhirRequest } from './request.ts'

const bare: FhirRequest = { method: 'GET', path: '', search: '', headers: {}, body: '', contentType: '' }

function accepts(accept: string | undefined, search = ''): boolean {
  try {
    checkAccept({ ...bare, headers: { accept } }, new URLSearchParams(search), { kind: 'batch' })
    return true
  } catch {
    return false
  }
}

const answered = [
  undefined,
  '',
  '*/*',
  'application/fhir+json',
  'application/json;q=0.5',
  'text/html, */*;q=0.1',
  'application/fhir+xml, application/*',
]
const unanswered = [
  'application/fhir+xml',
  'text/turtle',
  'text/html',
  'application/xml, application/json;q=0',
  '*/*;q=0.0',
]

for (const accept of answered)
  test(`Accept: ${accept} is answered in JSON`, () => assert.equal(accepts(accept), true))

for (const accept of unanswered)
  test(`Accept: ${accept} is refused`, () => assert.equal(accepts(accept), false))

test('_format rules over Accept, also with a plus that reads as a space', () => {
  assert.equal(accepts('application/fhir+xml', '_format=json'), true)
  assert.equal(accepts('application/fhir+xml', '_format=application/fhir+json'), true)
  assert.equal(accepts('application/json', '_format=xml'), false)
})

test('the form of a search is a form, or nothing at all', () => {
  assert.doesNotThrow(() => checkFormType(bare))
  assert.doesNotThrow(() => checkFormType({ ...bare, contentType: 'application/x-www-form-urlencoded' }))
  assert.throws(() => checkFormType({ ...bare, contentType: 'application/json' }))
  assert.throws(() => checkFormType({ ...bare, body: 'patient=1' }))
})

test('Prefer is read in one header with several wishes', () => {
  const wish = (prefer: string) => preferencesOf({ ...bare, headers: { prefer } }, new URLSearchParams())
  assert.deepEqual(wish('return=minimal, handling=strict'), {
    return: 'minimal',
    strict: true,
    pretty: false,
  })
  assert.equal(wish('return="OperationOutcome"').return, 'OperationOutcome')
  assert.deepEqual(wish('respond-async'), { return: 'representation', strict: false, pretty: false })
})
