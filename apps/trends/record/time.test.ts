import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatAge, formatMoment, momentOf, parseMoment } from './time.js'

test('a date keeps the precision it was recorded with', () => {
  assert.deepEqual(
    ['2021', '2021-03', '2021-03-09', '2021-03-09T10:00:00Z'].map((text) => parseMoment(text)?.precision),
    ['year', 'month', 'day', 'instant'],
  )
})

test('a date alone is that calendar day for every reader', () => {
  assert.equal(parseMoment('2021-03-09')?.at, new Date(2021, 2, 9).getTime())
})

test('an offset is honoured', () => {
  assert.equal(parseMoment('2021-03-09T10:00:00-05:00')?.at, Date.UTC(2021, 2, 9, 15))
})

test('what is no date is nothing', () => {
  for (const text of [undefined, null, '', 'soon', '21-03-09', '2021-03-09Tnoon', 20210309, {}]) {
    assert.equal(parseMoment(text), undefined)
  }
})

test('an Observation holds at its effective time, else it was issued', () => {
  const issued = '2021-01-02T00:00:00Z'
  assert.equal(momentOf({ effectiveDateTime: '2020', issued })?.precision, 'year')
  assert.equal(momentOf({ effectivePeriod: { start: '2020-05' }, issued })?.precision, 'month')
  assert.equal(momentOf({ issued })?.at, Date.UTC(2021, 0, 2))
  assert.equal(momentOf({}), undefined)
})

test('nothing is shown finer than recorded or than asked for', () => {
  const year = parseMoment('2021')
  const instant = parseMoment('2021-03-09T10:00:00')
  assert.ok(year && instant)
  assert.equal(formatMoment(year, 'instant', 'en-GB'), '2021')
  assert.equal(formatMoment(instant, 'month', 'en-GB'), 'Mar 2021')
  assert.match(formatMoment(instant, 'instant', 'en-GB'), /9 Mar 2021.*10:00/)
})

test('age counts completed months below two years, then completed years', () => {
  const now = new Date(2024, 5, 15).getTime()
  assert.equal(formatAge('2023-05-16', now), '12 months')
  assert.equal(formatAge('2024-05-10', now), '1 month')
  assert.equal(formatAge('1990-06-16', now), '33 years')
  assert.equal(formatAge('1990-06-15', now), '34 years')
  assert.equal(formatAge(undefined, now), '')
  assert.equal(formatAge('2030-01-01', now), '')
})
