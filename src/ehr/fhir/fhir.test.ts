import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextPathOf, resourcesOf } from './bundle.ts'
import { conceptText } from './concept.ts'
import { axisLabel, choiceDate, formatDateTime, newestFirst, timeOf } from './date.ts'
import { ageAt, personName, recordNumber } from './person.ts'
import { amountOf, formatAmount, formatNumber } from './quantity.ts'
import { containedIn, referencedId } from './reference.ts'
import { rangeText, type ValueWords, valueText } from './value.ts'

const words: ValueWords = { yes: 'Yes', no: 'No', noValue: 'No value', absent: { masked: 'Withheld' } }
const told = (holder: Record<string, unknown>) => valueText(holder, words, 'en')

test('a concept is told by its text, else a display, else a code', () => {
  assert.equal(conceptText({ text: 'Asthma', coding: [{ display: 'x' }] }), 'Asthma')
  assert.equal(conceptText({ coding: [{ code: '1' }, { display: 'Asthma' }] }), 'Asthma')
  assert.equal(conceptText({ coding: [{ code: '195967001' }] }), '195967001')
  assert.equal(conceptText({ code: 'AMB' }), 'AMB')
  for (const odd of [undefined, null, 'text', 7, [], {}, { coding: 'x' }, { text: ' ' }])
    assert.equal(conceptText(odd), undefined)
})

test('every kind of value[x] has words', () => {
  assert.equal(told({ valueQuantity: { value: 7.234567, unit: 'mmol/L' } }), '7.23\u00a0mmol/L')
  assert.equal(told({ valueQuantity: { value: 0.1, comparator: '<', unit: '%' } }), '<\u00a00.1\u00a0%')
  assert.equal(told({ valueCodeableConcept: { text: 'Not detected' } }), 'Not detected')
  assert.equal(told({ valueString: 'cloudy' }), 'cloudy')
  assert.equal(told({ valueBoolean: false }), 'No')
  assert.equal(told({ valueInteger: 3 }), '3')
  assert.equal(told({ valueTime: '10:30:00' }), '10:30:00')
  assert.equal(told({ valueDateTime: '2024-03-01T09:05:00+08:00' }), '1 Mar 2024 09:05')
  assert.equal(told({ valueRange: { low: { value: 1 }, high: { value: 2, unit: 'g' } } }), '1 – 2\u00a0g')
  assert.equal(told({ valueRatio: { numerator: { value: 1 }, denominator: { value: 64 } } }), '1 / 64')
  assert.equal(told({ valuePeriod: { start: '2020' } }), '2020 –')
})

test('a missing value says why, as far as the record does', () => {
  assert.equal(told({}), 'No value')
  assert.equal(told({ dataAbsentReason: { coding: [{ code: 'masked' }] } }), 'Withheld')
  assert.equal(told({ dataAbsentReason: { text: 'clotted' } }), 'clotted')
  assert.equal(told({ valueQuantity: { unit: 'kg' } }), 'No value')
  assert.equal(
    told({ component: [{ code: { text: 'Colour' }, valueString: 'red' }, { valueInteger: 1 }] }),
    'Colour: red; ?: 1',
  )
})

test('a reference range is told with one end, both, or not at all', () => {
  assert.equal(rangeText({ low: { value: 4 }, high: { value: 5.6, unit: '%' } }, 'en'), '4 – 5.6\u00a0%')
  assert.equal(rangeText({ low: { value: 60, unit: 'mL' } }, 'en'), '≥ 60\u00a0mL')
  assert.equal(rangeText({ high: { value: 200 } }, 'en'), '≤ 200')
  assert.equal(rangeText({}, 'en'), undefined)
})

test('units are written for people', () => {
  assert.equal(amountOf({ value: 1, code: 'mm[Hg]' })?.unit, 'mmHg')
  assert.equal(amountOf({ value: 1, unit: '{score}' })?.unit, undefined)
  assert.equal(formatAmount({ value: 1, unit: undefined }, 'en'), '1')
  assert.equal(amountOf({ value: Number.NaN }), undefined)
  assert.equal(formatNumber(53.72466095789539, 'en', 1), '53.7')
  assert.equal(formatNumber(123456.7, 'en'), '123,457')
})

test('dates stay as exact as they were written, times the clock times of their place', () => {
  assert.equal(formatDateTime('2024-03-01T23:30:00-05:00', 'en'), '1 Mar 2024 23:30')
  assert.equal(formatDateTime('2024-03', 'en'), 'Mar 2024')
  assert.equal(formatDateTime('long ago', 'en'), 'long ago')
  assert.equal(timeOf('2024'), Date.UTC(2024, 0, 1))
  assert.equal(timeOf('nonsense'), undefined)
  assert.equal(axisLabel(Date.UTC(2024, 2, 5), 'en', true), 'Mar 2024')
  assert.equal(choiceDate({ onsetPeriod: { start: '2020' } }, 'onset'), '2020')
  assert.deepEqual(
    newestFirst([{ date: '2019' }, {}, { date: '2021-02' }]).map(({ date }) => date),
    ['2021-02', '2019', undefined],
  )
})

test('a person is called by the official name, a Chinese one family name first', () => {
  assert.equal(
    personName({
      name: [
        { use: 'old', family: 'Roe' },
        { use: 'official', given: ['Ann', 'B'], family: 'Doe' },
      ],
    }),
    'Ann B Doe',
  )
  assert.equal(personName({ name: [{ family: '林', given: ['美玲'] }] }), '林美玲')
  assert.equal(personName({ name: [{ text: 'Madonna' }] }), 'Madonna')
  assert.equal(personName({ name: [{}] }), undefined)
  assert.equal(personName({ name: 'x' }), undefined)
})

test('the record number is the identifier typed MR, and never a social security number', () => {
  const typed = (code: string, value: string) => ({ type: { coding: [{ code }] }, value })
  assert.equal(recordNumber({ identifier: [{ value: 'a' }, typed('MR', 'b')] }), 'b')
  assert.equal(recordNumber({ identifier: [typed('SS', '999'), { value: 'c' }] }), 'c')
  assert.equal(recordNumber({ identifier: [typed('SS', '999')] }), undefined)
})

test('age is in completed years, of small children in months or days', () => {
  const at = Date.UTC(2024, 1, 28)
  assert.deepEqual(ageAt('1987-02-28', at), { unit: 'years', count: 37 })
  assert.deepEqual(ageAt('1987-02-29', at), { unit: 'years', count: 36 })
  assert.deepEqual(ageAt('2023-01-29', at), { unit: 'months', count: 12 })
  assert.deepEqual(ageAt('2024-02-20', at), { unit: 'days', count: 8 })
  assert.equal(ageAt('2030-01-01', at), undefined)
  assert.equal(ageAt(undefined, at), undefined)
})

test('references are read relative, absolute and versioned; contained ones in their holder', () => {
  const id = (reference: string) => referencedId({ reference }, 'Patient')
  assert.equal(id('Patient/1'), '1')
  assert.equal(id('https://ehr.example/fhir/Patient/1/_history/2'), '1')
  assert.equal(id('Group/1'), undefined)
  assert.equal(id('urn:uuid:1'), undefined)
  const holder = { contained: [{ id: 'm', code: { text: 'Aspirin' } }] }
  assert.deepEqual(containedIn(holder, { reference: '#m' }), holder.contained[0])
})

test('a next link leads on only below our own base', () => {
  const bundle = (url: string) => ({ resourceType: 'Bundle', link: [{ relation: 'next', url }] })
  assert.equal(nextPathOf(bundle('https://a/fhir/Patient?x=1'), 'https://a/fhir'), 'Patient?x=1')
  assert.equal(nextPathOf(bundle('https://evil/fhir/Patient'), 'https://a/fhir'), undefined)
  assert.deepEqual(
    resourcesOf({ resourceType: 'Bundle', entry: [{}, { resource: { resourceType: 'OperationOutcome' } }] }),
    [],
  )
  assert.deepEqual(resourcesOf({ resourceType: 'OperationOutcome' }), [])
})
