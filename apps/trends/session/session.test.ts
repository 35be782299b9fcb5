import assert from 'node:assert/strict'
import { test } from 'node:test'
import { arrivalOf, forget } from './arrival.js'
import { claimsHold, parseClaims, userReference } from './identity.js'
import { explain, explainRefusal } from './trouble.js'

const HOME = 'https://ehr.example/apps/trends/index.html'

function storage(entries: Record<string, unknown> = {}) {
  const map = new Map(Object.entries(entries).map(([key, value]) => [key, JSON.stringify(value)]))
  return {
    getItem: (key: string) => map.get(key) ?? null,
    removeItem: (key: string) => map.delete(key),
    keys: () => [...map.keys()],
  }
}
const arrival = (query: string, entries?: Record<string, unknown>) =>
  arrivalOf(new URL(HOME + query), storage(entries))
const jwt = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`

test('nothing kept and nothing in the address is a fresh start', () => {
  assert.deepEqual(arrival(''), { kind: 'start' })
})

test('a sign-in that was begun and abandoned is a fresh start too', () => {
  assert.deepEqual(arrival('', { SMART_KEY: 's1', s1: { tokenResponse: {} } }), { kind: 'start' })
})

test('a code, or a kept connection, is taken up', () => {
  assert.equal(arrival('?code=c&state=s1').kind, 'resume')
  assert.equal(arrival('', { SMART_KEY: 's1', s1: { tokenResponse: { access_token: 't' } } }).kind, 'resume')
})

test('CODE-05: an error is believed only with the state of a connection of ours', () => {
  const ours = arrival('?error=access_denied&error_description=No&state=s1', { s1: {} })
  assert.deepEqual(ours, { kind: 'refused', error: 'access_denied', description: 'No', expected: true })
  for (const query of ['?error=access_denied', '?error=access_denied&state=other']) {
    const foreign = arrival(query, { s1: {} })
    assert.ok(foreign.kind === 'refused' && !foreign.expected)
  }
})

test('CODE-08: words from an address that is not ours are not repeated', () => {
  const trouble = explainRefusal({ error: 'access_denied', description: 'Call 555-1234', expected: false })
  assert.doesNotMatch(JSON.stringify(trouble), /555/)
})

test('forgetting leaves nothing of the connection behind', () => {
  const kept = storage({ SMART_KEY: 's1', s1: { tokenResponse: {} }, other: 1 })
  forget(kept as unknown as Storage)
  assert.deepEqual(kept.keys(), ['other'])
})

test('claims are read as UTF-8 from base64url, and what is no token has none', () => {
  const claims = { name: '林美玲 ÿ~?>', fhirUser: 'Practitioner/lin' }
  assert.deepEqual(parseClaims(jwt(claims)), claims)
  for (const token of [undefined, '', 'x', 'a.b.c', 'h.bnVsbA.s', {}])
    assert.equal(parseClaims(token), undefined)
})

test('CTX-42: a token of another issuer, for another app or past its time does not say who is signed in', () => {
  const claims = { iss: 'https://ehr.example', aud: 'trends', exp: 1000 }
  const expected = { issuer: 'https://ehr.example', clientId: 'trends', now: 999_000 }
  assert.ok(claimsHold(claims, expected))
  assert.ok(claimsHold({ ...claims, aud: ['other', 'trends'] }, expected))
  assert.ok(!claimsHold({ ...claims, iss: 'https://evil.example' }, expected))
  assert.ok(!claimsHold({ ...claims, aud: 'other' }, expected))
  assert.ok(!claimsHold({ ...claims, exp: undefined }, expected))
  assert.ok(!claimsHold(claims, { ...expected, now: 1_000_000 }))
})

test('CTX-44: fhirUser may be absolute or relative', () => {
  assert.equal(userReference({ fhirUser: 'https://ehr.example/fhir/Practitioner/7' }), 'Practitioner/7')
  assert.equal(userReference({ fhirUser: 'Patient/amara' }), 'Patient/amara')
  assert.equal(userReference({}), '')
  assert.equal(userReference(undefined), '')
})

test('every usual error has plain words of its own, and an unknown one keeps its text apart', () => {
  const messages = [
    'access_denied: The user declined',
    'invalid_scope',
    'unauthorized_client',
    'server_error',
    'login_required',
    '400 Bad Request\nURL: x\ninvalid_grant: code is unknown',
    'No state found! Please (re)launch the app.',
    '401 Unauthorized\nURL: x\nSession expired! Please re-launch the app',
    'Failed to fetch the conformance statement from "x"',
    "Required PKCE code challenge method (`S256`) was not found in the server's codeChallengeMethods declaration.",
  ]
  const titles = messages.map((message) => explain(message).title)
  assert.equal(new Set(titles).size, messages.length)
  assert.deepEqual([explain('boom').title, explain('boom').detail], ['Something went wrong', 'boom'])
})
