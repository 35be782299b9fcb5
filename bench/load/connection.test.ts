import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAnswer } from './connection.ts'

const counted = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhällo'.replace('5', '6')
const chunked = 'HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n'

test('an answer is whole or nothing, wherever the bytes are cut', () => {
  const cases = [
    [counted, { status: 200, body: 'hällo' }],
    [chunked, { status: 404, body: 'abcde' }],
  ] as const
  for (const [text, answer] of cases) {
    const bytes = Buffer.from(text)
    assert.deepEqual(parseAnswer(bytes), answer)
    for (let cut = 0; cut < bytes.length; cut++) assert.equal(parseAnswer(bytes.subarray(0, cut)), undefined)
  }
})
