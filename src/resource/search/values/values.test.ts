import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dateValues } from './date.ts'
import { splitValue, unescapeValue } from './escapes.ts'
import { parseInstant } from './instant.ts'
import { numberValues, parseNumber, parseQuantity } from './quantity.ts'
import { parseReferenceValue, referenceValues } from './reference.ts'
import { stringValues } from './string.ts'
import { parseToken, tokenValues } from './token.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

test('a date stands for the whole of its precision', () => {
  const lengthOf = (text: string) => {
    const range = parseInstant(text)
    return range && range.high - range.low
  }
  assert.equal(lengthOf('2023'), 365 * day)
  assert.equal(lengthOf('2024'), 366 * day)
  assert.equal(lengthOf('2024-02'), 29 * day)
  assert.equal(lengthOf('2024-02-29'), day)
  assert.equal(lengthOf('2024-02-29T10:00Z'), minute)
  assert.equal(lengthOf('2024-02-29T10:00:00Z'), 1000)
  assert.equal(lengthOf('2024-02-29T10:00:00.5Z'), 100)
  assert.equal(lengthOf('2024-02-29T10:00:00.123456Z'), 1)
})

test('time zones, years of few digits and the ends of the day', () => {
  assert.equal(parseInstant('2024-01-01T01:00:00+02:00')?.low, Date.UTC(2023, 11, 31, 23))
  assert.equal(parseInstant('2024-01-01T01:00:00-05:00')?.low, Date.UTC(2024, 0, 1, 6))
  assert.equal(parseInstant('2024-01-01T01:00:00')?.low, Date.UTC(2024, 0, 1, 1))
  assert.equal(new Date(parseInstant('0099-03-04')?.low ?? 0).toISOString(), '0099-03-04T00:00:00.000Z')
  assert.equal(parseInstant('2024-01-01T24:00:00Z')?.low, Date.UTC(2024, 0, 2))
})

test('what is no date is refused', () => {
  for (const text of [
    '',
    '24',
    '2024-13',
    '2024-00',
    '2023-02-29',
    '2024-04-31',
    '2024-1-1',
    '2024-01-01T',
    '2024-01-01T10',
    '2024-01-01T25:00Z',
    '2024-01-01T10:60Z',
    '2024-01-01T10:00+15:00',
    '2024-01-01T10:00:00.Z',
    'today',
    '2024-01-01Z',
    ' 2024',
    '2024 ',
  ]) {
    assert.equal(parseInstant(text), undefined, text)
  }
})

test('every instant that JavaScript writes is read back', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
      (date) => {
        assert.deepEqual(parseInstant(date.toISOString()), { low: date.getTime(), high: date.getTime() + 1 })
      },
    ),
  )
})

test('periods may be open, timings have several times', () => {
  const [open] = dateValues({ start: '2024' }, 'Period')
  assert.deepEqual([open?.low, open?.high], [Date.UTC(2024, 0), 8.64e15])
  assert.deepEqual(dateValues({}, 'Period'), [])
  assert.equal(
    dateValues({ event: ['2024', '2025'], repeat: { boundsPeriod: { end: '2026' } } }, 'Timing').length,
    3,
  )
  assert.deepEqual(dateValues('soon', 'dateTime'), [])
})

test('escapes are taken away after the value was parted', () => {
  assert.deepEqual(splitValue('a\\,b,c\\\\,d', ','), ['a\\,b', 'c\\\\', 'd'])
  assert.equal(unescapeValue('a\\,b\\|c\\$d\\\\e\\f'), 'a,b|c$d\\e\\f')
  assert.deepEqual(parseToken('a\\|b'), { kind: 'token', code: 'a|b' })
})

test('tokens are read in their four forms', () => {
  assert.deepEqual(parseToken('c'), { kind: 'token', code: 'c' })
  assert.deepEqual(parseToken('s|c'), { kind: 'token', system: 's', code: 'c' })
  assert.deepEqual(parseToken('|c'), { kind: 'token', system: '', code: 'c' })
  assert.deepEqual(parseToken('s|'), { kind: 'token', system: 's' })
  for (const text of ['', '|', 's|c|d']) assert.equal(parseToken(text), undefined, text)
})

test('a concept without codes is there, but has no code', () => {
  assert.deepEqual(tokenValues({ text: 'x' }, 'CodeableConcept'), [{ kind: 'token', system: '', code: '' }])
  assert.deepEqual(tokenValues(['x'], 'CodeableConcept'), [])
  assert.deepEqual(tokenValues({ x: 1 }, 'code'), [])
})

test('the precision of a number is as written', () => {
  const rangeOf = (text: string) => {
    const number = parseNumber(text)
    return number && [number.low, number.high]
  }
  assert.deepEqual(rangeOf('100'), [99.5, 100.5])
  assert.deepEqual(rangeOf('100.00'), [99.995, 100.005])
  assert.deepEqual(rangeOf('1e2'), [50, 150])
  assert.deepEqual(rangeOf('ap100'), [90, 110])
  assert.deepEqual(rangeOf('-2'), [-2.5, -1.5])
  for (const text of ['', 'x', '1,2', '0x10', '1e999', '--1', 'gt', '.5', 'Infinity'])
    assert.equal(parseNumber(text), undefined, text)
})

test('quantities have no unit, or all of one', () => {
  assert.equal(parseQuantity('5|mg'), undefined)
  assert.equal(parseQuantity('5|s|c|d'), undefined)
  assert.deepEqual(parseQuantity('5||mg')?.code, 'mg')
  const [money] = numberValues({ value: 3, currency: 'EUR' }, 'Money')
  assert.deepEqual([money?.low, money?.code], [3, 'EUR'])
  const [below] = numberValues({ value: 3, comparator: '<' }, 'Quantity')
  assert.deepEqual([below?.low, below?.high], [-Number.MAX_VALUE, 3])
})

test('references are relative, absolute or logical', () => {
  const [relative] = referenceValues({ reference: 'Patient/1/_history/2' }, 'Reference')
  assert.deepEqual(relative, { kind: 'reference', type: 'Patient', id: '1', url: '' })
  assert.deepEqual(referenceValues({ reference: '#a' }, 'Reference', 'Patient'), [])
  assert.deepEqual(referenceValues({ reference: 'Group/1' }, 'Reference', 'Patient'), [])
  assert.equal(parseReferenceValue('not an id', [], ''), undefined)
  assert.deepEqual(parseReferenceValue('http://a/fhir/Patient/1', ['Patient'], 'http://a/fhir'), [
    { kind: 'reference', type: 'Patient', id: '1' },
  ])
  assert.deepEqual(parseReferenceValue('http://a/fhirs/Patient/1', ['Patient'], 'http://a/fhir'), [
    { kind: 'reference', url: 'http://a/fhirs/Patient/1' },
  ])
})

test('names and addresses are found by each part', () => {
  const folded = stringValues({ family: 'Ñu', given: ['Å', 'B'], period: {} }, 'HumanName').map(
    (value) => value.folded,
  )
  assert.deepEqual(folded, ['nu', 'a', 'b'])
})
