import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acrFor, isEnough, leastAsked, levelOf } from './acr.ts'

const sfa = 'https://refeds.org/profile/sfa'
const mfa = 'https://refeds.org/profile/mfa'

test('RFC 8176: what methods come to', () => {
  const cases = [
    [undefined, undefined],
    [[], undefined],
    [['pwd'], 'sfa'],
    [['otp'], 'sfa'],
    [['pwd', 'mfa'], 'mfa'],
    [['fed', 'mfa'], 'mfa'],
    [['pop', 'user', 'mfa'], 'phr'],
    [['pwd', 'pop', 'mfa'], 'phr'],
    [['hwk', 'user'], 'phr'],
    [['swk', 'pin'], 'phr'],
    [['pop', 'face'], 'phr'],
    [['hwk', 'fpt'], 'phr'],
    // A key alone is something that one has, and no more.
    [['swk'], 'sfa'],
    [['fed', 'hwk'], 'sfa'],
    [['pop', 'pwd'], 'sfa'],
    // Two methods are two factors where whoever saw them says so.
    [['pwd', 'otp'], 'sfa'],
    // The word of somebody else, who does not say how.
    [['ehr'], undefined],
    [['fed'], undefined],
    [['fed', 'pwd'], 'sfa'],
  ] as const
  for (const [methods, level] of cases) assert.equal(levelOf(methods), level, String(methods))
})

test('OIDC Core §3.1.2.1: the weakest value that would do is asked for, unknown ones are ignored', () => {
  assert.equal(leastAsked(['phr', mfa]), 'mfa')
  assert.equal(leastAsked(['urn:nobody:knows']), undefined)
  assert.equal(isEnough('phr', 'mfa'), true)
  assert.equal(isEnough('sfa', 'mfa'), false)
})

test('OIDC Core §2: the app is told the value it likes best of those that hold, never one that does not', () => {
  assert.equal(acrFor(['hwk', 'user'], [mfa, 'phr']), mfa)
  assert.equal(acrFor(['hwk', 'user'], []), 'phr')
  assert.equal(acrFor(['hwk'], [mfa, 'phr']), sfa)
  assert.equal(acrFor(['pwd'], ['phr', mfa]), sfa)
  assert.equal(acrFor(undefined, [sfa]), undefined)
  assert.equal(acrFor(['ehr'], [sfa]), undefined)
  assert.equal(acrFor(['fed'], []), undefined)
})
