import assert from 'node:assert/strict'
import { METHODS } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { AnsweredFault } from './answered-fault.ts'
import { type AppOptions, createApp } from './app.ts'
import { silentLog } from './log.ts'
import { json, redirect, text } from './reply.ts'
import type { HttpRequest, Route } from './route.ts'

const problem = (status: number, sentence: string, id: string) => json(status, { error: sentence, id })
const echo = (request: HttpRequest) =>
  json(200, {
    path: request.path,
    rest: request.rest,
    segments: request.segments,
    search: request.search,
    query: request.query.entries,
    form: request.form.entries,
    body: request.body,
    contentType: request.contentType,
  })

const routes: Route[] = [
  { method: 'GET', path: '/', handle: () => text(200, 'hello') },
  { method: ['GET', 'POST'], path: '/echo/:id', bodyLimit: 100, handle: echo },
  { method: ['GET', 'POST', 'PUT'], path: '/fhir/*', cors: 'registered', failure: problem, handle: echo },
  { method: 'GET', path: '/fhir/metadata', cors: 'any', handle: () => json(200, {}) },
  {
    method: 'POST',
    path: '/oauth/token',
    cors: 'registered',
    failure: problem,
    handle: (request) => json(200, request.form.all('code')),
  },
  {
    method: 'GET',
    path: '/oauth/broken',
    failure: problem,
    handle: () => {
      throw new Error('secret detail')
    },
  },
  { method: 'GET', path: '/go', handle: () => redirect('/there') },
]

function app(overrides: Partial<AppOptions> = {}) {
  const allowsOrigin = async (origin: string) => origin === 'https://app.example'
  return createApp({ routes, log: silentLog, baseUrl: 'http://localhost:8080', allowsOrigin, ...overrides })
}

test('a route gets segments decoded, its rest and search as they were sent', async () => {
  const named = JSON.parse((await app().inject({ url: '/echo/a%20b?x=1&x=2&y' })).body)
  assert.deepEqual(named.segments, { id: 'a b' })
  assert.deepEqual(named.query, [
    ['x', '1'],
    ['x', '2'],
    ['y', ''],
  ])
  const rest = JSON.parse((await app().inject({ url: '/fhir/Patient/a%2Fb?name=%C3%A9' })).body)
  assert.equal(rest.rest, 'Patient/a%2Fb')
  assert.equal(rest.search, 'name=%C3%A9')
})

test('a repeated form field is kept, whatever the case of the content type', async () => {
  const headers = { 'content-type': 'Application/X-WWW-Form-Urlencoded; charset=utf-8' }
  const reply = await app().inject({ url: '/oauth/token', body: 'code=a&code=b+c', headers })
  assert.equal(reply.body, '["a","b c"]')
})

test('a body of any type comes as text, and none as the empty text', async () => {
  const headers = { 'content-type': 'application/fhir+json' }
  const sent = await app().inject({ url: '/fhir/Patient', body: '{"a":"é"}', headers })
  assert.equal(JSON.parse(sent.body).body, '{"a":"é"}')
  const none = await app().inject({ method: 'POST', url: '/fhir/Patient' })
  assert.equal(JSON.parse(none.body).body, '')
})

test('HEAD answers where GET does, without body', async () => {
  const reply = await app().inject({ method: 'HEAD', url: '/' })
  assert.equal(reply.status, 200)
  assert.equal(reply.body, '')
})

test('an unknown address is 404, told in the format of its neighbours', async () => {
  assert.equal((await app().inject({ url: '/nothing' })).status, 404)
  const reply = await app().inject({ url: '/oauth/nothing' })
  assert.equal(reply.status, 404)
  assert.match(JSON.parse(reply.body).error, /nothing at this address/)
})

test('a wrong method is 405 and names those that are answered', async () => {
  const reply = await app().inject({ method: 'DELETE', url: '/fhir/Patient/1' })
  assert.equal(reply.status, 405)
  assert.equal(reply.headers.allow, 'GET, POST, PUT, HEAD, OPTIONS')
  assert.ok(JSON.parse(reply.body).error)
})

test('a method that HTTP knows and no address answers is 405 where there is one, in its format, and 404 elsewhere', async () => {
  const lines: { method: string; status: number }[] = []
  const faults: object[] = []
  const log = {
    ...silentLog,
    info: (fields: object) => lines.push(fields as { method: string; status: number }),
    error: (fields: object) => faults.push(fields),
  }
  const server = app({ log })
  const port = await server.listen('127.0.0.1', 0)
  const ask = (method: string, target: string, more = '') =>
    exchange(port, `${method} ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${more}\r\n`)
  try {
    // CONNECT asks for a tunnel, and Node ends the connection.
    const strange = METHODS.filter(
      (method) => !/^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT)$/.test(method),
    )
    assert.ok(strange.includes('QUERY') && strange.includes('TRACE'))
    for (const method of strange) {
      const known = await ask(method, '/fhir/Patient/1?x')
      assert.match(known, /^HTTP\/1\.1 405 /, method)
      assert.match(known, /\r\nallow: GET, POST, PUT, HEAD, OPTIONS\r\n/, method)
      assert.match(known, /"error":"This address answers GET, POST, PUT, HEAD, OPTIONS\."/, method)
      assert.match(await ask(method, '/nothing'), /^HTTP\/1\.1 404 /, method)
      assert.match(await ask(method, '/oauth/nothing'), /"error":"There is nothing/, method)
      assert.deepEqual(
        lines.splice(0).map((line) => [line.method, line.status]),
        [405, 404, 404].map((status) => [method, status]),
      )
    }
    const form = 'content-type: application/x-www-form-urlencoded\r\ncontent-length: 3\r\n'
    for (const more of [
      form,
      'content-type: none\r\n',
      'transfer-encoding: chunked\r\n',
      'content-length: 9\r\n',
    ])
      assert.match(await ask('QUERY', '/fhir/Patient', more), /^HTTP\/1\.1 405 /)
    assert.match(await ask('QUERY', '/'), /\r\ncontent-type: text\/plain/)
    assert.match(await ask('QUERY', '/echo/%zz'), /^HTTP\/1\.1 400 /)
    assert.doesNotMatch(await ask('CONNECT', 'a:443'), /HTTP\/1\.1 [^4]/)
  } finally {
    await server.close()
  }
  assert.deepEqual(faults, [])
})

test('an expectation that is not met is told in the format of the address, and the connection is over', async () => {
  const lines: object[] = []
  const server = app({ log: { ...silentLog, info: (fields: object) => lines.push(fields) } })
  const port = await server.listen('127.0.0.1', 0)
  const ask = (target: string, expect: string, more = '') =>
    exchange(port, `POST ${target} HTTP/1.1\r\nHost: a\r\nExpect: ${expect}\r\n${more}\r\n`)
  try {
    const refused = await ask('/oauth/token', 'foo', 'Content-Length: 3\r\n')
    assert.match(refused, /^HTTP\/1\.1 417 /)
    assert.match(refused, /\r\nconnection: close\r\n/i)
    assert.match(refused, /\r\nx-content-type-options: nosniff\r\n/)
    assert.match(refused, /"error":"Of the header Expect only 100-continue is understood\."/)
    assert.match(await ask('/nothing', 'foo'), /^HTTP\/1\.1 417 [\s\S]*content-security-policy/)
    assert.equal(lines.length, 2)
    const body = 'Connection: close\r\nContent-Length: 0\r\n'
    assert.match(await ask('/oauth/token', '100-Continue', body), /^HTTP\/1\.1 100 [\s\S]*HTTP\/1\.1 200 /)
  } finally {
    await server.close()
  }
})

test('an unexpected failure is 500 with the id that is in the log, and nothing else', async () => {
  const lines: object[] = []
  const log = { ...silentLog, error: (fields: object) => lines.push(fields) }
  const reply = await app({ log }).inject({ url: '/oauth/broken' })
  assert.equal(reply.status, 500)
  assert.ok(!reply.body.includes('secret'))
  assert.equal((lines[0] as { id: string }).id, JSON.parse(reply.body).id)
})

test('a fault that has an answer is answered with it, and its cause is in the log', async () => {
  const lines: { err: Error }[] = []
  const log = { ...silentLog, error: (fields: object) => lines.push(fields as { err: Error }) }
  const handle = () => {
    throw new AnsweredFault(new Error('secret detail'), redirect('https://app.example/?error=server_error'))
  }
  const server = app({ log, routes: [{ method: 'GET', path: '/told', handle }] })
  const reply = await server.inject({ url: '/told' })
  assert.deepEqual([reply.status, reply.headers.location], [303, 'https://app.example/?error=server_error'])
  assert.match(reply.headers['content-security-policy'] ?? '', /default-src 'none'/)
  assert.ok(!JSON.stringify(reply).includes('secret'))
  assert.deepEqual(
    lines.map(({ err }) => err.message),
    ['secret detail'],
  )
})

test('what cannot be read is refused in the route’s own format, without a stack trace', async () => {
  const tooLarge = await app().inject({ url: '/echo/1', body: 'x'.repeat(101) })
  assert.equal(tooLarge.status, 413)
  const overDefault = await app().inject({ url: '/fhir/Patient', body: 'x'.repeat(1024 * 1024 + 1) })
  assert.equal(overDefault.status, 413)
  assert.ok(JSON.parse(overDefault.body).error)
  const length = await app().inject({ url: '/fhir/Patient', body: 'abc', headers: { 'content-length': '5' } })
  assert.equal(length.status, 400)
  for (const url of ['/fhir/%zz', '/fhir/Patient?name=%zz', '/fhir/Patient?name=%FF']) {
    const reply = await app().inject({ url })
    assert.equal(reply.status, 400, url)
    assert.match(JSON.parse(reply.body).error, /percent-encoding/)
  }
  const type = await app().inject({
    url: '/fhir/Patient',
    body: 'x',
    headers: { 'content-type': 'nonsense' },
  })
  assert.equal(type.status, 415)
  const segment = await app().inject({ url: `/echo/${'x'.repeat(3000)}` })
  assert.equal(segment.status, 414)
})

test('every reply carries the security headers; HSTS only over https', async () => {
  for (const url of ['/', '/nothing', '/fhir/%zz', '/go']) {
    const { headers } = await app().inject({ url })
    assert.match(headers['content-security-policy'] ?? '', /default-src 'none'.*frame-ancestors 'none'/)
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['referrer-policy'], 'no-referrer')
    assert.equal(headers['strict-transport-security'], undefined)
  }
  const secure = await app({ baseUrl: 'https://ehr.example' }).inject({ url: '/' })
  assert.match(secure.headers['strict-transport-security'] ?? '', /^max-age=\d+$/)
})

test('CORS-01: any origin reads a document that is open', async () => {
  const reply = await app().inject({ url: '/fhir/metadata', headers: { origin: 'https://stranger.example' } })
  assert.equal(reply.headers['access-control-allow-origin'], '*')
})

test('CORS-02, CORS-06: only registered origins read the token endpoint and the API', async () => {
  const ask = (origin: string) => app().inject({ method: 'POST', url: '/oauth/token', headers: { origin } })
  const known = await ask('https://app.example')
  assert.equal(known.headers['access-control-allow-origin'], 'https://app.example')
  assert.equal(known.headers.vary, 'Origin')
  assert.equal(known.headers['access-control-allow-credentials'], undefined)
  for (const origin of ['https://stranger.example', 'null']) {
    const stranger = await ask(origin)
    assert.equal(stranger.headers['access-control-allow-origin'], undefined)
    assert.equal(stranger.headers.vary, 'Origin')
  }
})

test('CORS-04: a preflight needs no token and names methods and headers', async () => {
  const headers = { origin: 'https://app.example', 'access-control-request-method': 'PUT' }
  const reply = await app().inject({ method: 'OPTIONS', url: '/fhir/Patient/1', headers })
  assert.equal(reply.status, 204)
  assert.match(reply.headers['access-control-allow-methods'] ?? '', /GET.*PUT/)
  for (const name of [
    'Authorization',
    'Content-Type',
    'Accept',
    'If-Match',
    'If-None-Match',
    'If-None-Exist',
    'Prefer',
  ]) {
    assert.ok(reply.headers['access-control-allow-headers']?.includes(name), name)
  }
  for (const name of ['ETag', 'Location', 'Content-Location', 'WWW-Authenticate', 'Last-Modified']) {
    assert.ok(reply.headers['access-control-expose-headers']?.includes(name), name)
  }
})

test('CORS-05: errors are readable too', async () => {
  const origin = 'https://app.example'
  const refused = [
    { url: '/fhir/%zz', headers: { origin } },
    { url: '/fhir/Patient', body: 'x'.repeat(1024 * 1024 + 1), headers: { origin } },
    { url: '/fhir/Patient/1', method: 'DELETE', headers: { origin } },
  ]
  for (const request of refused) {
    const reply = await app().inject(request)
    assert.ok(reply.status >= 400)
    assert.equal(reply.headers['access-control-allow-origin'], origin, `${reply.status}`)
  }
})

test('a page of nobody else’s business has no cross-origin headers', async () => {
  const reply = await app().inject({ url: '/', headers: { origin: 'https://app.example' } })
  assert.equal(reply.headers['access-control-allow-origin'], undefined)
})

test('the log has no query of any request, and no address that opens something by being known', async () => {
  const lines: string[] = []
  const log = { ...silentLog, info: (fields: object) => lines.push(JSON.stringify(fields)) }
  await app({ log }).inject({ url: '/fhir/Patient?name=Amara' })
  await app({ log }).inject({ url: `/oauth/flow/${'Amara'.padEnd(43, 'x')}` })
  assert.ok(lines[0]?.includes('"/fhir/Patient"'))
  assert.ok(lines[1]?.includes('"/oauth/flow/[hidden]"'))
  assert.ok(lines.length === 2 && !lines.join().includes('Amara'))
})

test('what a route answers arrives as it is: texts by their bytes, bytes, cookies, nothing, and no body to HEAD', async () => {
  const cookies = [
    { name: 'one', value: '1', path: '/' },
    { name: 'two', value: '2', path: '/' },
  ]
  const bytes = new Uint8Array([0, 255, 128])
  const answers: Route[] = [
    { method: 'GET', path: '/text', handle: () => ({ ...text(200, '臺灣'), cookies }) },
    { method: 'GET', path: '/bytes', handle: () => ({ status: 200, body: bytes }) },
    { method: 'GET', path: '/empty', handle: () => ({ status: 200 }) },
    { method: 'GET', path: '/same', handle: () => ({ status: 304, headers: { etag: 'W/"1"' }, body: 'x' }) },
  ]
  const server = app({ routes: answers })
  const base = `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}`
  try {
    const whole = await fetch(`${base}/text`)
    assert.equal(await whole.text(), '臺灣\n')
    assert.equal(whole.headers.get('content-length'), '7')
    assert.deepEqual(
      whole.headers.getSetCookie().map((one) => one.split(';', 1)[0]),
      ['one=1', 'two=2'],
    )
    const head = await fetch(`${base}/text`, { method: 'HEAD' })
    assert.equal(head.headers.get('content-length'), '7')
    assert.equal(await head.text(), '')
    assert.deepEqual(new Uint8Array(await (await fetch(`${base}/bytes`)).arrayBuffer()), bytes)
    const empty = await fetch(`${base}/empty`)
    assert.deepEqual([await empty.text(), empty.headers.get('content-length')], ['', '0'])
    const same = await fetch(`${base}/same`)
    assert.deepEqual([same.status, same.headers.get('etag'), await same.text()], [304, 'W/"1"', ''])
  } finally {
    await server.close()
  }
})

test('a header that cannot be sent is a fault of ours, told as one, and splits no reply', async () => {
  const handle = () => ({ status: 200, headers: { 'x-told': 'a\r\nset-cookie: b=c' }, body: 'told' })
  const server = app({ routes: [{ method: 'GET', path: '/told', failure: problem, handle }] })
  const base = `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}`
  try {
    const reply = await fetch(`${base}/told`)
    assert.equal(reply.status, 500)
    assert.equal(reply.headers.get('x-told'), null)
    assert.deepEqual(reply.headers.getSetCookie(), [])
    assert.match((await reply.json()).error, /unexpected condition/)
  } finally {
    await server.close()
  }
})

test('two routes of one method and path are a mistake that is told at start', () => {
  assert.throws(() => app({ routes: [...routes, ...routes] }), /two routes answer GET \//)
})

test('over a real connection: a 32 kB address works, 64 KiB and nonsense are refused, close drains', async () => {
  const server = app()
  const port = await server.listen('127.0.0.1', 0)
  try {
    const long = await fetch(`http://127.0.0.1:${port}/fhir/Patient?name=${'x'.repeat(32_000)}`)
    assert.equal(long.status, 200)
    await long.text()
    const oversized = `GET /?${'x'.repeat(70_000)} HTTP/1.1\r\nHost: a\r\n\r\n`
    assert.match(await exchange(port, oversized), /^HTTP\/1.1 431 /)
    assert.match(await exchange(port, 'nonsense\r\n\r\n'), /^HTTP\/1.1 400 /)
  } finally {
    await server.close()
  }
  await assert.rejects(fetch(`http://127.0.0.1:${port}/`))
})

function exchange(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    socket.on('data', (data) => {
      answer += data
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', (error) => (answer ? resolve(answer) : reject(error)))
  })
}
