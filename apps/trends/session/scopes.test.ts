import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { EHR_LAUNCH, mayLoad, PARTS, standaloneScopes } from './scopes.js'
import { missing, scopeWords } from './words.js'

test('AUTHZ-07: an EHR launch asks for launch, a standalone one for a patient and on wish a visit', () => {
  assert.ok(EHR_LAUNCH.split(' ').includes('launch'))
  assert.ok(!standaloneScopes(false).split(' ').includes('launch'))
  assert.deepEqual(
    [standaloneScopes(false), standaloneScopes(true)].map((scopes) => scopes.includes('launch/encounter')),
    [false, true],
  )
})

test('TOK-29: a part is loaded by its own scope, a wider one, or one of SMART 1.0', () => {
  for (const part of Object.values(PARTS)) {
    for (const granted of [
      part.scope,
      `patient/${part.type}.rs`,
      `patient/${part.type}.read`,
      'patient/*.cruds',
      'user/*.*',
    ]) {
      assert.ok(mayLoad(`openid ${granted}`, part), granted)
    }
  }
})

test('TOK-29: a part is not loaded by another type, other letters, another category or half a token', () => {
  const refused = [
    '',
    'patient/Observation.r',
    'patient/Observation.write',
    'patient/Condition.rs',
    PARTS.laboratory.scope,
    'xpatient/Observation.rs',
    'patient/Observation.rs?category=http://example.org|vital-signs-2',
  ]
  for (const granted of refused) assert.ok(!mayLoad(granted, PARTS.vitals), granted)
})

test('everything asked for has plain words', () => {
  for (const scope of `${EHR_LAUNCH} ${standaloneScopes(true)}`.split(' '))
    assert.notEqual(scopeWords(scope), '', scope)
})

test('what was asked and not given is told, unless something wider was', () => {
  assert.deepEqual(missing('openid patient/Condition.rs', 'openid'), ['patient/Condition.rs'])
  assert.deepEqual(missing(PARTS.vitals.scope, 'patient/Observation.rs'), [])
})

test('the registration allows what the app asks for', () => {
  const { scope } = JSON.parse(readFileSync(new URL('../app.json', import.meta.url), 'utf8'))
  for (const asked of `${EHR_LAUNCH} ${standaloneScopes(true)}`.split(' '))
    assert.deepEqual(missing(asked, scope), [], asked)
})
