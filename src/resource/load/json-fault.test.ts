import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findJsonFault } from './json-fault.ts'
import { parseJson } from './parse-json.ts'
import { LoadRefused } from './refusal.ts'

const parses = (text: string) => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

test('a fault is the last sign that can stand: everything before it is the beginning of some JSON', () => {
  for (const [text, offset, reason] of [
    ['', 0, 'the text ends too early'],
    ['{"a": x}', 6, 'unexpected x'],
    ['{"a": 1,}', 8, 'unexpected }'],
    ['[1, 2,]', 6, 'unexpected ]'],
    ['{"a" 1}', 5, 'unexpected 1'],
    ['{"a": 1', 7, 'the text ends too early'],
    ['{"a": "b', 8, 'the text ends within a string'],
    ['"a\nb"', 2, 'unexpected control character in a string'],
    ['"\\x"', 1, 'unexpected \\ in a string'],
    ['[1}', 2, 'unexpected }'],
    ['{} {}', 3, 'text after the end'],
    ['01', 1, 'text after the end'],
    ['[tru]', 1, 'unexpected t'],
  ] as const) {
    assert.deepEqual(findJsonFault(text), { offset, reason }, text)
  }
})

test('whatever is broken, a fault is found within the text', () => {
  const mutated = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', '{', '}', '[', ']', ',', ':', '\\', '1', 'n', '\n'))
    .map(([text, at, sign]) => {
      const where = at % (text.length + 1)
      return text.slice(0, where) + sign + text.slice(where + (at % 2))
    })
  fc.assert(
    fc.property(mutated, (text) => {
      fc.pre(!parses(text))
      const { offset } = findJsonFault(text)
      // What follows the fault does not matter: the text is broken at it already.
      return offset >= 0 && offset <= text.length && !parses(text.slice(0, offset + 1))
    }),
    { numRuns: 1_000 },
  )
})

test('megabytes of text and of brackets are searched without end of stack', () => {
  const deep = '['.repeat(1_000_000)
  assert.equal(findJsonFault(deep).offset, deep.length)
  const long = `{"data": "${'A'.repeat(3_000_000)}`
  assert.equal(findJsonFault(long).offset, long.length)
})

test('lines and columns count from 1, and from the line of the beginning', () => {
  const placeOf = (text: string, line?: number) => {
    try {
      return assert.fail(JSON.stringify(parseJson(text, line)))
    } catch (error) {
      assert.ok(error instanceof LoadRefused)
      return error.place
    }
  }
  assert.deepEqual(placeOf('{\n  "a": 1\n  "b": 2\n}'), { line: 3, column: 3 })
  assert.deepEqual(placeOf('{"a":', 7), { line: 7, column: 6 })
})
