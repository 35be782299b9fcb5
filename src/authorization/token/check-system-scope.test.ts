import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from '../client.ts'
import { OAuthError } from '../errors.ts'
import { checkSystemScope } from './check-system-scope.ts'

const extension = 'https://ehr.example/scopes/nightly'
const client: Client = {
  id: 'backend',
  name: 'Backend',
  authMethod: 'private_key_jwt',
  redirectUris: [],
  grantTypes: ['client_credentials'],
  scope: `system/Observation.rs system/Patient.r system/Condition.rs?category=problem-list-item patient/*.rs openid ${extension}`,
  createdAt: 0,
}

const check = (scope: string | undefined) =>
  checkSystemScope(scope, client, (_, filter) => filter.every(({ parameter }) => parameter === 'category'))

function refusal(text: RegExp) {
  return (error: unknown) =>
    error instanceof OAuthError && error.kind.error === 'invalid_scope' && text.test(error.text)
}

test('BKND-14, BKND-19: what is asked within the registration is granted, each scope once and in its own words', () => {
  assert.equal(check('system/Observation.rs'), 'system/Observation.rs')
  assert.equal(
    check('system/Patient.r system/Observation.s system/Patient.r'),
    'system/Patient.r system/Observation.s',
  )
  assert.equal(check('system/Observation.read'), 'system/Observation.read')
  assert.equal(
    check('system/Observation.rs?category=laboratory'),
    'system/Observation.rs?category=laboratory',
  )
})

test('BKND-14: an extension scope is had by who is registered for it', () => {
  assert.equal(check(extension), extension)
  assert.throws(() => check(`${extension}/other`), refusal(/goes beyond/))
})

const beyond: readonly (readonly [string, RegExp])[] = [
  ['system/Observation.cruds', /system\/Observation.cruds goes beyond/],
  ['system/*.rs', /goes beyond/],
  ['system/Patient.rs', /goes beyond/],
  ['system/Condition.rs', /goes beyond/],
  ['system/Condition.rs?category=encounter-diagnosis', /goes beyond/],
  ['system/Encounter.r', /goes beyond/],
  ['system/Observation.rs system/Encounter.r', /system\/Encounter.r goes beyond/],
]
for (const [scope, text] of beyond) {
  test(`BKND-14: ${scope} is beyond the registration: nothing is granted`, () => {
    assert.throws(() => check(scope), refusal(text))
  })
}

for (const scope of [
  'patient/*.rs',
  'user/Patient.r',
  'openid',
  'fhirUser',
  'launch',
  'launch/patient',
  'offline_access',
  'online_access',
]) {
  test(`BKND-11: ${scope} needs a user, registered or not`, () => {
    assert.throws(() => check(`system/Observation.rs ${scope}`), refusal(/needs a user/))
  })
}

test('AMB-28: a filter that cannot be enforced is refused', () => {
  assert.throws(() => check('system/Observation.rs?code=1'), refusal(/cannot enforce/))
})

test('RFC-28, RFC 6749 §5.2: unknown scopes are refused, and named only in characters that may be', () => {
  assert.throws(() => check('system/Observation.sr'), refusal(/system\/Observation.sr is no scope/))
  assert.throws(() => check('system/Nothing.rs'), refusal(/no scope/))
  assert.throws(() => check('a"b'), refusal(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/))
  assert.throws(() => check('a\r\nSet-Cookie:x'), refusal(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/))
})

test('BKND-08: without a scope there is no token', () => {
  assert.throws(() => check(undefined), refusal(/missing/))
  assert.throws(() => check('  '), refusal(/empty/))
})

test('a scope has an end', () => {
  assert.throws(() => check('system/Observation.rs '.repeat(400)), refusal(/too long/))
  assert.throws(() => check('x'.repeat(20_000)), refusal(/too long/))
})
