/** Bodies without end: what is refused for its length is not read on, and nobody keeps a connection by it. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { test } from 'node:test'
import { createApp } from '../../../src/http/app.ts'
import { silentLog } from '../../../src/http/log.ts'
import { text } from '../../../src/http/reply.ts'

const head = 'POST /taken HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n'
const chunk = `64\r\n${'x'.repeat(100)}\r\n`

for (const [what, sent] of [
  ['that say so', `${head}Content-Length: 1000000\r\n\r\nx`],
  ['that do not say so', `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(20)}`],
] as const)
  test(`the connection of bodies that are too long and ${what} is closed with the refusal`, async () => {
    const app = createApp({
      routes: [{ method: 'POST', path: '/taken', bodyLimit: 1000, handle: () => text(200, 'taken') }],
      log: silentLog,
      baseUrl: 'http://localhost',
      allowsOrigin: async () => false,
    })
    const port = await app.listen('127.0.0.1', 0)
    const socket = connect(port, '127.0.0.1')
    // Nothing more comes, and the socket stays open at this end: it is over when the server ends it.
    socket.write(sent)
    const answer = await textOf(socket)
    assert.match(answer, /^HTTP\/1\.1 413 /)
    assert.match(answer, /^connection: close\r$/im)
    socket.destroy()
    await app.close()
  })
