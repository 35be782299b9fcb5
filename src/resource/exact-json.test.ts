import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { carryTexts, copyExact, indented, note, parseExact, writeExact, writtenAs } from './exact-json.ts'

const texts = [
  '{"value":1.10}',
  '{"value":-0}',
  '{"value":-0.50,"other":[1.0,{"a":2.00}]}',
  '[1e2,1E+5,-3.20e-7]',
  '{"value":0.12345678901234567890}',
  '{"value":123456789012345678901234567890}',
  '{"plain":1.1,"text":"[1.10","zero":0,"ten":10}',
  '{"__proto__":1.10,"constructor":2.50}',
]

for (const text of texts)
  test(`written as it was read: ${text}`, () => {
    assert.equal(writeExact(parseExact(text)), text)
    assert.equal(writeExact(copyExact(parseExact(text))), text)
    assert.equal(indented(text).replaceAll(/\s/g, ''), text.replaceAll(/\s/g, ''))
  })

test('to whoever looks, a number is a number and an object has no other members', () => {
  const value = parseExact('{"value":1.10}') as { value: number }
  assert.equal(value.value + 1, 2.1)
  assert.deepEqual(Object.keys(value), ['value'])
  assert.equal(JSON.stringify(value), '{"value":1.1}')
})

test('a spread carries the digits along, another number does not take them over', () => {
  const value = parseExact('{"value":1.10,"factor":2.50}') as { value: number; factor: number }
  assert.equal(writeExact({ unit: 'kg', ...value }), '{"unit":"kg","value":1.10,"factor":2.50}')
  assert.equal(writeExact({ ...value, value: 3 }), '{"value":3,"factor":2.50}')
  assert.equal(writeExact(carryTexts(value, { factor: 2.5 })), '{"factor":2.50}')
})

test('a copy is changed by itself', () => {
  const value = parseExact('{"value":1.10}') as { value: number }
  const copy = copyExact(value)
  note(copy, 'value', undefined)
  assert.equal(writtenAs(copy, 'value'), undefined)
  assert.equal(writtenAs(value, 'value'), '1.10')
})

test('what is no JSON throws as it does without this', () => {
  for (const text of ['', '{', '[1.10', '{"a":01.10}', 'nul'])
    assert.throws(() => parseExact(text), SyntaxError, text)
})

test('every number of JSON comes back as it was written', () => {
  const digits = fc.stringMatching(/^(?:0|[1-9]\d{0,20})$/)
  const fraction = fc.stringMatching(/^(?:\.\d{1,20})?$/)
  const exponent = fc.stringMatching(/^(?:[eE][+-]?\d{1,2})?$/)
  const number = fc.tuple(fc.constantFrom('', '-'), digits, fraction, exponent).map((parts) => parts.join(''))
  fc.assert(
    fc.property(number, fc.constantFrom('', ' ', '\n\t'), (text, space) => {
      const document = `{"a":${space}${text},"b":[${text},${space}{"c":${text}}]}`
      assert.equal(writeExact(parseExact(document)), document.replaceAll(/\s/g, ''))
    }),
  )
})
