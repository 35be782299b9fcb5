/** A long record over HTTP: memory stays flat, and a reply that breaks off is not taken for the whole. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createApp } from '../../../src/http/app.ts'
import { silentLog } from '../../../src/http/log.ts'
import { parseScopes } from '../../../src/smart/scope.ts'
import { observation } from './records.ts'
import { callerWith, createWorld, type World } from './world.ts'

const mebibyte = 1024 * 1024

/** The world behind a port on the loopback, and how to ask it. */
async function listening(world: World) {
  world.tokens.set('good', {
    clientId: 'app',
    user: 'user-1',
    patient: 'a',
    scopes: parseScopes('patient/*.rs').scopes,
    tokenId: 't',
    grantId: 'g',
  })
  const app = createApp({
    routes: world.api.routes,
    log: silentLog,
    baseUrl: 'https://ehr.example.org',
    allowsOrigin: async () => false,
  })
  const port = await app.listen('127.0.0.1', 0)
  const ask = async (method: string, path: string) => {
    const sent = request({ port, host: '127.0.0.1', method, path, headers: { authorization: 'Bearer good' } })
    sent.end()
    const [reply] = await once(sent, 'response')
    return reply as import('node:http').IncomingMessage
  }
  return { app, ask }
}

/** Bytes that are in use after everything that can be collected was. */
function inUse(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return heapUsed + external + arrayBuffers
}

const many = 20_000

test('a record of 20,000 resources is told whole, and is never held whole', async () => {
  const world = await createWorld()
  const filling = 'x'.repeat(2 * 1024)
  for (let at = 0; at < many; at += 1000)
    await world.repository.putAll(
      Array.from({ length: 1000 }, (_, n) => ({
        ...observation(`long-${at + n}`, 'a', 'laboratory'),
        note: [{ text: filling }],
      })),
    )
  const { stream } = await world.ask(callerWith('patient/*.rs'), 'Patient/a/$everything')
  let [pieces, length, entries, looked] = [0, 0, 0, 0]
  // What is on its way from the store comes and goes; what is kept is there whenever one looks.
  let [early, late] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for await (const piece of stream ?? []) {
    assert.ok(piece.length < mebibyte)
    pieces++
    length += piece.length
    entries += piece.split('"fullUrl"').length - 1
    if (entries < looked + 500) continue
    looked = entries
    if (entries > many / 10 && entries < (many / 10) * 3) early = Math.min(early, inUse())
    if (entries > (many / 10) * 8) late = Math.min(late, inUse())
  }
  assert.equal(entries, many + 11)
  assert.ok(pieces > 400 && length > 40 * mebibyte)
  assert.ok(late - early < 4 * mebibyte, `${(late - early) / mebibyte} MiB more at the end`)
})

test('who does not read is not told: what is made waits for its reader, and ends with it', async () => {
  const world = await createWorld()
  await world.repository.putAll(
    Array.from({ length: 3000 }, (_, n) => ({
      ...observation(`long-${n}`, 'a', 'laboratory'),
      note: [{ text: 'x'.repeat(20 * 1024) }],
    })),
  )
  let searches = 0
  const search = world.repository.search
  Object.assign(world.repository, {
    search: (plan: Parameters<typeof search>[0]) => {
      searches++
      return search(plan)
    },
  })
  const { app, ask } = await listening(world)
  const settled = async () => {
    for (let turns = 0, before = -1; turns < 50; turns++) {
      if (searches !== before) turns = 0
      before = searches
      await new Promise((resolve) => setImmediate(resolve))
    }
    return searches
  }
  try {
    const reply = await ask('GET', '/fhir/Patient/a/$everything?_type=Observation')
    await once(reply, 'readable')
    const waiting = await settled()
    assert.ok(waiting < 50, `${waiting} of 60 searches for a reader that does not read`)
    reply.destroy()
    await once(reply, 'close')
    assert.ok((await settled()) < 60)
  } finally {
    await app.close()
  }
})

test('a fault in the middle breaks the connection off: the reply is incomplete, and in the log', async () => {
  const world = await createWorld()
  const search = world.repository.search
  Object.assign(world.repository, {
    search: (plan: Parameters<typeof search>[0]) =>
      plan.type === 'Observation' && plan.count > 0
        ? Promise.reject(new Error('secret detail'))
        : search(plan),
  })
  const { app, ask } = await listening(world)
  try {
    const reply = await ask('GET', '/fhir/Patient/a/$everything')
    let text = ''
    await assert.rejects(async () => {
      for await (const piece of reply) text += piece
    })
    assert.equal(reply.complete, false)
    assert.match(text, /"id":"a"/)
    assert.throws(() => JSON.parse(text))
    assert.doesNotMatch(text, /secret detail/)
    assert.deepEqual(world.faults, ['a record could not be told to its end'])
  } finally {
    await app.close()
  }
})

test('HEAD over HTTP has status and headers, and no body', async () => {
  const { app, ask } = await listening(await createWorld())
  try {
    const reply = await ask('HEAD', '/fhir/Patient/a/$everything')
    let length = 0
    for await (const piece of reply) length += piece.length
    assert.deepEqual([reply.statusCode, length], [200, 0])
    assert.match(reply.headers['content-type'] ?? '', /fhir\+json/)
  } finally {
    await app.close()
  }
})
