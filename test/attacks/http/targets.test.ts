/** One address in other spellings: it is the same to the limits, the log and the checks as it is to the router. RFC 9112 §3.2.2, RFC 3986 §6.2.2. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import { type App, createApp } from '../../../src/http/app.ts'
import { silentLog } from '../../../src/http/log.ts'
import { createRateLimits } from '../../../src/http/rate-limits.ts'
import { text } from '../../../src/http/reply.ts'
import type { HttpRequest, Route } from '../../../src/http/route.ts'
import { plainTarget } from '../../../src/http/target.ts'

const told = ({ path, search, rest, segments }: HttpRequest) =>
  text(200, [path, search, rest, segments.id ?? ''].join(' '))
const routes: Route[] = [
  { method: 'GET', path: '/oauth/token', handle: async (request) => told(request) },
  { method: 'GET', path: '/oauth/flow/:id', handle: async (request) => told(request) },
  { method: 'GET', path: '/fhir/*', handle: async (request) => told(request) },
]

const opened: App[] = []
after(() => Promise.all(opened.map((app) => app.close())))

/** A server that answers one token request a minute, and what it logs. */
async function listening() {
  const lines: string[] = []
  const rule = { name: 'token', path: /^\/oauth\/token$/, rates: { perAddress: 1 } }
  const app = createApp({
    routes,
    baseUrl: 'http://localhost',
    log: { ...silentLog, info: (fields: object) => lines.push(JSON.stringify(fields)) },
    allowsOrigin: async () => false,
    limits: createRateLimits([rule], { isExempt: () => false, now: () => 0 }),
  })
  opened.push(app)
  const port = await app.listen('127.0.0.1', 0)
  const get = (target: string) =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      let answer = ''
      const head = `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`
      const socket = connect(port, '127.0.0.1', () => socket.write(head))
      socket.on('data', (data) => {
        answer += data
      })
      socket.on('end', () =>
        resolve({ status: Number(answer.split(' ')[1]), body: answer.split('\r\n\r\n')[1] ?? '' }),
      )
      socket.on('error', reject)
    })
  return { get, lines }
}

const disguises = [
  '/%6fauth/token',
  '/oauth/%74%6F%6b%65%6E',
  'http://elsewhere.example/oauth/token',
  'HTTP://elsewhere.example:8080/oauth/token',
  'https://user@elsewhere.example/%6Fauth/token?x=%6f',
]

for (const disguise of disguises)
  test(`${disguise} is counted, and logged, as what it is`, async () => {
    const { get, lines } = await listening()
    assert.deepEqual((await get(disguise)).body.split(' ')[0], '/oauth/token')
    assert.equal((await get('/oauth/token')).status, 429)
    assert.equal((await get(disguise)).status, 429)
    for (const line of lines) assert.ok(line.includes('"/oauth/token"'), line)
  })

test('what opens something by being known is in no log, however its address is spelt', async () => {
  const { get, lines } = await listening()
  for (const start of ['/oauth/flow/', '/%6fauth/fl%6Fw/', 'http://x/oauth/flow/'])
    assert.equal((await get(start + 'k'.repeat(43))).status, 200)
  assert.doesNotMatch(lines.join(), /kkk/)
})

test('a whole address is answered as its path, and its host is no part of a path', async () => {
  const { get } = await listening()
  assert.equal((await get('http://x/fhir/Patient/a?name=%41')).body, '/fhir/Patient/a name=%41 Patient/a \n')
  assert.equal((await get('http://Patient/fhir/a')).body, '/fhir/a  a \n')
  for (const target of ['http://x', 'http://x?y', 'ftp://x/oauth/token', 'http:///oauth/token/', '*'])
    assert.equal((await get(target)).status, 404, target)
})

test('what means something else is left as it is', async () => {
  const { get } = await listening()
  for (const target of [
    '/oauth%2Ftoken',
    '/oauth/token%3Fx',
    '/oauth/token%00',
    '/oauth/%2e%2e/token',
    '//oauth/token',
  ])
    assert.equal((await get(target)).status, 404, target)
  assert.equal((await get('/oauth/%zz')).status, 400)
  for (const kept of [
    '/a%2Fb',
    '/a%252Fb',
    '/a%2E%2e/b',
    '/%C3%A9',
    '/a%20b',
    '/a%40',
    '/a%5B',
    '/a%60',
    '/a%7B',
    '/a?%41',
    '/%4',
  ])
    assert.equal(plainTarget(kept), kept)
  assert.equal(plainTarget('/%41%5a%61%7A%30%39%2D%5F%7e'), '/AZaz09-_~')
  // Once, and not what comes out of it.
  assert.equal(plainTarget('/%2541'), '/%2541')
})
