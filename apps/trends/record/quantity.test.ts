import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatNumber, formatUnit, withUnit } from './quantity.js'

test('spellings of one unit come out alike', () => {
  assert.equal(formatUnit({ unit: 'mm[Hg]' }), 'mmHg')
  assert.equal(formatUnit({ unit: 'mmHg' }), 'mmHg')
  assert.equal(formatUnit({ unit: 'beats/minute' }), formatUnit({ unit: '/min' }))
  assert.equal(formatUnit({ unit: 'Cel' }), '°C')
  assert.equal(formatUnit({ unit: 'degrees C', code: 'Cel' }), '°C')
})

test('UCUM becomes what people write', () => {
  assert.equal(formatUnit({ unit: '10*3/uL' }), '10³/µL')
  assert.equal(formatUnit({ unit: 'kg/m2' }), 'kg/m²')
  assert.equal(formatUnit({ code: 'm[IU]/L' }), 'mIU/L')
  assert.equal(formatUnit({ unit: 'mL/min/{1.73_m2}' }), 'mL/min/1.73 m²')
})

test('a unit that says nothing is left out', () => {
  for (const quantity of [{}, { code: '1' }, { unit: '{score}' }, { unit: '{#}' }])
    assert.equal(formatUnit(quantity), '')
})

test('numbers keep the digits a reader can use', () => {
  assert.deepEqual(
    [1234.56, 171.23456, 24.700000000000003, 5.814, 0.01234, 0, -2.5].map((value) =>
      formatNumber(value, 'en'),
    ),
    ['1,235', '171.2', '24.7', '5.81', '0.012', '0', '-2.5'],
  )
})

test('a percent sign stands close to its number', () => {
  assert.equal(withUnit('97', '%'), '97%')
  assert.equal(withUnit('97', 'kg'), '97 kg')
  assert.equal(withUnit('97', ''), '97')
})
