import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { createApp } from './app.ts'
import { silentLog } from './log.ts'
import { text } from './reply.ts'
import type { Route } from './route.ts'

function open() {
  const kept: string[] = []
  const route: Route = {
    method: 'POST',
    path: '/kept',
    cors: 'any',
    handle: async ({ body }) => {
      kept.push(body)
      return text(201, 'kept')
    },
    failure: (status, error) => ({ status, headers: {}, body: JSON.stringify({ error }) }),
  }
  const app = createApp({
    routes: [route],
    log: silentLog,
    baseUrl: 'http://localhost:8080',
    allowsOrigin: async () => false,
  })
  const send = (coding: string, body: string) =>
    app.inject({ method: 'POST', url: '/kept', headers: { 'content-encoding': coding }, body })
  return { kept, send }
}

for (const coding of ['gzip', 'GZIP', 'br', 'x-gzip', 'identity, gzip', 'nonsense'])
  test(`RFC 9110 §8.4: a body in the coding ${coding} is not taken for the content itself`, async () => {
    const { kept, send } = open()
    const reply = await send(coding, gzipSync('what was meant').toString('latin1'))
    assert.equal(reply.status, 415)
    assert.match(JSON.parse(reply.body).error, /Content-Encoding is not taken: send it without it/)
    assert.equal(reply.headers['accept-encoding'], 'identity')
    assert.deepEqual(kept, [])
  })

for (const coding of ['identity', 'Identity', ''])
  test(`RFC 9110 §8.4: the coding ${JSON.stringify(coding)} is none`, async () => {
    const { kept, send } = open()
    assert.equal((await send(coding, 'what was meant')).status, 201)
    assert.deepEqual(kept, ['what was meant'])
  })
