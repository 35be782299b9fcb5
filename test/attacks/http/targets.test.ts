/** One address in other spellings: it is the same to the limits, the log and the checks as it is to the router. RFC 9112 §3.2, §3.2.2, RFC 3986 §6.2.2. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import { rateLimits } from '../../../src/config/rate-limits.ts'
import { type App, createApp } from '../../../src/http/app.ts'
import { silentLog } from '../../../src/http/log.ts'
import { createRateLimits, type RateLimits } from '../../../src/http/rate-limits.ts'
import { text } from '../../../src/http/reply.ts'
import type { HttpRequest, Route } from '../../../src/http/route.ts'
import { plainTarget } from '../../../src/http/target.ts'
import { rateLimitsOf } from '../../../src/server/rate-limits.ts'

const told = ({ path, search, rest, segments }: HttpRequest) =>
  text(200, [path, search, rest, segments.id ?? ''].join(' '))
const routes: Route[] = [
  { method: 'GET', path: '/oauth/token', handle: async (request) => told(request) },
  { method: 'GET', path: '/oauth/flow/:id', handle: async (request) => told(request) },
  { method: 'GET', path: '/fhir/*', handle: async (request) => told(request) },
]

const opened: App[] = []
after(() => Promise.all(opened.map((app) => app.close())))

const rule = { name: 'token', path: /^\/oauth\/token$/, rates: { perAddress: 1 } }
const oneToken = createLimits(rule)

function createLimits(...rules: Parameters<typeof createRateLimits>[0]) {
  return () => createRateLimits(rules, { isExempt: () => false, now: () => 0 })
}

/** A server that answers one token request a minute, and what it logs. */
async function listening({
  table = routes,
  limits = oneToken(),
}: {
  table?: Route[]
  limits?: RateLimits
} = {}) {
  const lines: string[] = []
  const app = createApp({
    routes: table,
    baseUrl: 'http://localhost',
    log: { ...silentLog, info: (fields: object) => lines.push(JSON.stringify(fields)) },
    allowsOrigin: async () => false,
    limits,
  })
  opened.push(app)
  const port = await app.listen('127.0.0.1', 0)
  const get = (target: string, method = 'GET') =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      let answer = ''
      const head = `${method} ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`
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

// What stands behind it is for the browser alone: a target that has one was made by something that is no browser, and is malformed.
for (const start of [
  '/oauth/token',
  '/oauth/flow/SECRET',
  'http://x/oauth/token',
  '/fhir/Patient',
  '/nothing',
  '',
])
  for (const end of ['#', '#x', '#?q', '?q#x', '#/../x', '?#', '%23#'])
    test(`a target with a fragment is refused, and logged without it: ${start}${end}`, async () => {
      const { get, lines } = await listening()
      const secret = 'k'.repeat(43)
      const target = (start + end).replace('SECRET', secret)
      const { status, body } = await get(target)
      assert.equal(status, 400)
      if (target.startsWith('/')) assert.match(body, /fragment/)
      for (const line of lines) assert.doesNotMatch(line, /#|kkk/)
    })

/** Addresses that the limits know, each with one that stands for it in a request. */
const limited = [
  ['POST', '/oauth/token'],
  ['POST', '/oauth/introspect'],
  ['POST', '/oauth/register'],
  ['GET', '/oauth/register/:id'],
  ['GET', '/oauth/authorize'],
  ['POST', '/oauth/par'],
  ['POST', '/oauth/revoke'],
  ['GET', '/oauth/flow/:id'],
  ['GET', '/account/providers/:provider/sign-in'],
  ['POST', '/account/providers/:provider/backchannel-logout'],
  ['POST', '/account/sign-in'],
  ['POST', '/account/passkey/options'],
  ['POST', '/account/apps'],
  ['POST', '/admin/api/apps'],
  ['POST', '/ehr/launches'],
] as const

/** Each spelling of a path that a router may think the same, or nearly. */
function spellings(path: string): string[] {
  const characters = [...path].flatMap((character, at) => {
    const code = character.charCodeAt(0).toString(16)
    const others = [`%${code}`, `%${code.toUpperCase()}`, `%25${code}`, character.toUpperCase()]
    return others.map((other) => path.slice(0, at) + other + path.slice(at + 1))
  })
  const ends = [
    '/',
    '//',
    '?',
    '??',
    '?x=/y',
    ';',
    ';x',
    ';x=y?z',
    '%3B',
    '%3Fx',
    '%23x',
    '%00',
    '%20',
    '.',
    '/.',
    '/..',
    '\\',
  ]
  const starts = ['/', '/.', '/x/..', '\\', 'http://x', 'HTTPS://x:1', 'http://x?', 'http:', 'ftp://x']
  const within = ['//', '/./', '/;/', '/%2F/', '%2F', '\\'].map((slash) => path.replace(/(?<=.)\//, slash))
  return [
    ...characters,
    ...ends.map((end) => path + end),
    ...starts.map((start) => start + path),
    ...within,
    path.replace(/^\//, ''),
  ]
}

for (const [method, path] of limited)
  test(`no spelling of ${method} ${path} is answered past its limit`, async () => {
    const rates = Object.fromEntries(
      ['token', 'authorize', 'flow', 'signIn', 'register', 'introspect', 'other'].map((name) => [
        name,
        { perAddress: 1 },
      ]),
    )
    const limits = rateLimitsOf(rateLimits.parse({ ...rates, exempt: [] }), () => 0)
    const table: Route[] = [{ method, path, handle: () => text(200, 'past') }]
    const { get } = await listening({ table, limits })
    const plain = path.replace(/:\w+/, 'one')
    assert.equal((await get(plain, method)).status, 200)
    for (const spelling of new Set([plain, ...spellings(plain)]))
      assert.ok([400, 404, 429].includes((await get(spelling, method)).status), spelling)
  })

test('a secret in an address is in no log, whatever stands beside it', async () => {
  const { get, lines } = await listening()
  const secret = 'k'.repeat(43)
  for (const end of ['.', ';x', '%20', '/', '/x', '%23x', '!', 'k', '%6b', '?', '\\'])
    await get(`/oauth/flow/${secret}${end}`)
  for (const start of ['%20', ';', 'x', '.']) await get(`/oauth/flow/${start}${secret}`)
  assert.equal(lines.length, 15)
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
