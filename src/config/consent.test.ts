import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consentShape } from './consent.ts'

const DAY = 24 * 60 * 60 * 1000

test('decisions are remembered for a year, for a time of the site, or not at all', () => {
  assert.equal(consentShape.parse(undefined).rememberFor, 365 * DAY)
  assert.equal(consentShape.parse({}).rememberFor, 365 * DAY)
  assert.equal(consentShape.parse({ rememberFor: '30d' }).rememberFor, 30 * DAY)
  for (const never of [0, '0', '0s']) assert.equal(consentShape.parse({ rememberFor: never }).rememberFor, 0)
})

test('a time without its unit, too long a time, and a member that is not known are refused', () => {
  for (const wrong of [
    { rememberFor: 30 },
    { rememberFor: '4000d' },
    { rememberFor: '-1d' },
    { remember: '1d' },
  ])
    assert.equal(consentShape.safeParse(wrong).success, false, JSON.stringify(wrong))
})
