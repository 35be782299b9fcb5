import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseState } from './parse-state.ts'

const percent = (bytes: Uint8Array) =>
  [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
const bytesOf = (encoded: string) =>
  Buffer.from(
    encoded.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )

test('CODE-03: any bytes come out as they went in, in characters that are safe in a header', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
      const state = parseState(`a=1&state=${percent(bytes)}&b=2`) ?? ''
      assert.match(state, /^[A-Za-z0-9\-._~%]+$/)
      assert.deepEqual(new Uint8Array(bytesOf(state)), new Uint8Array(bytes))
    }),
  )
})

test('CODE-03: what URLSearchParams writes comes back the same text', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (text) => {
      const state = parseState(new URLSearchParams({ state: text }).toString()) ?? ''
      assert.equal(new URLSearchParams(`state=${state}`).get('state'), text)
    }),
  )
})

test('RFC-03: absent, empty and repeated are all no state; its name may be encoded', () => {
  for (const raw of ['', 'x=1', 'state', 'state=', 'state=a&state=b', 'state=a&%73tate=b', 'States=a']) {
    assert.equal(parseState(raw), undefined, raw)
  }
  assert.equal(parseState('st%61te=x'), 'x')
})
