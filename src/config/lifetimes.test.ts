import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultLifetimes } from '../authorization/lifetimes.ts'
import { parseDuration } from './duration.ts'
import { lifetimes } from './lifetimes.ts'

const MINUTE = 60_000

test('the defaults are those that the authorization server has by itself', () => {
  assert.deepEqual(lifetimes.parse(undefined), defaultLifetimes)
})

test('TOK-25: by kind of app and of launch, the rest by default', () => {
  const { accessToken, code } = lifetimes.parse({
    accessToken: { public: { ehr: '5m' }, confidential: '30m' },
  })
  assert.deepEqual(accessToken.public, { ehr: 5 * MINUTE, standalone: 10 * MINUTE })
  assert.deepEqual(accessToken.confidential, { ehr: 30 * MINUTE, standalone: 30 * MINUTE })
  assert.equal(accessToken.backend, 5 * MINUTE)
  assert.equal(code, MINUTE)
})

const refused: readonly (readonly [string, unknown])[] = [
  ['TOK-24: an access token of a public app beyond ten minutes', { accessToken: { public: '11m' } }],
  ['an access token of one launch beyond that', { accessToken: { public: { ehr: '1h' } } }],
  ['TOK-24: an access token beyond an hour', { accessToken: { confidential: '61m' } }],
  ['BKND-18: a backend token beyond five minutes', { accessToken: { backend: '6m' } }],
  ['CODE-04: a code beyond a minute', { code: '61s' }],
  ['a refresh token idle beyond what reuse is noticed', { refreshToken: { public: { idle: '94d' } } }],
  ['a launch handle beyond five minutes', { launch: '6m' }],
  ['nothing', { code: '0s' }],
  ['no unit', { code: '60' }],
  ['a number', { code: 60 }],
  ['another unit', { code: '1w' }],
  ['an unknown member', { accessTokens: {} }],
  ['an unknown kind', { accessToken: { internal: '5m' } }],
]
for (const [what, value] of refused) {
  test(`refused: ${what}`, () => assert.equal(lifetimes.safeParse(value).success, false))
}

test('a time is a whole number and its unit', () => {
  assert.equal(parseDuration('90d'), 90 * 24 * 60 * MINUTE)
  assert.equal(parseDuration('12h'), 12 * 60 * MINUTE)
  for (const text of ['', 'd', '1.5m', '-1m', '1 m', '1m1s']) assert.equal(parseDuration(text), undefined)
})
