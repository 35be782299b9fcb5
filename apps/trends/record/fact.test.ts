import assert from 'node:assert/strict'
import { test } from 'node:test'
import { factsOf } from './fact.js'

const observation = (members: object) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'Thing' },
  effectiveDateTime: '2021-03-09',
  ...members,
})
const quantity = (value: number, unit = 'mmol/L') => ({ value, unit })

test('a value of every kind becomes text', () => {
  const values = [
    [{ valueQuantity: quantity(4.2) }, '4.2'],
    [{ valueQuantity: { ...quantity(5), comparator: '<' } }, '<5'],
    [{ valueQuantity: { value: 3 } }, '3'],
    [{ valueInteger: 7 }, '7'],
    [{ valueCodeableConcept: { coding: [{ display: 'Never smoked' }] } }, 'Never smoked'],
    [{ valueString: ' clear ' }, 'clear'],
    [{ valueBoolean: false }, 'No'],
    [{ valueRange: { low: { value: 1 }, high: { value: 2 } } }, '1–2'],
    [{ valueRatio: { numerator: { value: 1 }, denominator: { value: 128 } } }, '1 : 128'],
    [{ valueDateTime: '2021' }, '2021'],
  ] as const
  for (const [members, text] of values) assert.equal(factsOf(observation(members))[0]?.text, text)
})

test('withdrawn, empty and foreign resources state nothing', () => {
  const value = { valueQuantity: quantity(4.2) }
  assert.deepEqual(factsOf(observation({ ...value, status: 'entered-in-error' })), [])
  assert.deepEqual(factsOf(observation({ dataAbsentReason: { text: 'unknown' } })), [])
  assert.deepEqual(factsOf(observation({ valueQuantity: { unit: 'kg' } })), [])
  assert.deepEqual(factsOf({ resourceType: 'OperationOutcome', issue: [] }), [])
})

test('components are facts of their own', () => {
  const parts = [80, 120].map((value) => ({
    code: { text: String(value) },
    valueQuantity: quantity(value, 'mm[Hg]'),
  }))
  const facts = factsOf(observation({ component: parts }))
  assert.deepEqual(
    facts.map(({ number, unit }) => [number, unit]),
    [
      [80, 'mmHg'],
      [120, 'mmHg'],
    ],
  )
})

test('a range in another unit, or of another kind, is not taken for the normal one', () => {
  const low = quantity(3.5)
  const withRange = (range: object) =>
    factsOf(observation({ valueQuantity: quantity(3), referenceRange: [range] }))[0]
  assert.deepEqual(withRange({ low })?.range, { low: 3.5, text: '3.5 or more' })
  assert.equal(withRange({ low: quantity(60, 'mg/dL') })?.range, undefined)
  assert.equal(withRange({ low, type: { coding: [{ code: 'therapeutic' }] } })?.range, undefined)
  assert.deepEqual(withRange({ text: 'negative' })?.range, { text: 'negative' })
})

test('what the laboratory says of a value goes before what the range says', () => {
  const flag = (members: object) =>
    factsOf(
      observation({ valueQuantity: quantity(9), referenceRange: [{ high: quantity(5) }], ...members }),
    )[0]?.flag
  assert.equal(flag({}), 'high')
  assert.equal(flag({ interpretation: [{ coding: [{ code: 'N' }] }] }), '')
  assert.equal(flag({ interpretation: [{ coding: [{ code: 'LL' }] }] }), 'low')
})
