/** The FHIR API over HTTP: tokens in wrong places, methods and paths in disguise, bodies that are something else. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { type App, createApp } from '../../../src/http/app.ts'
import type { InjectedRequest } from '../../../src/http/inject.ts'
import { silentLog } from '../../../src/http/log.ts'
import type { VerifiedToken } from '../../../src/resource/ports.ts'
import { parseScopes } from '../../../src/smart/scope.ts'
import { disguises } from './disguises.ts'
import { observation } from './records.ts'
import { base, createWorld, type World } from './world.ts'

let world: World
let app: App

function token(scopes: string, more: Partial<VerifiedToken> = {}): VerifiedToken {
  const { scopes: parsed } = parseScopes(scopes)
  return {
    clientId: 'app',
    user: 'user-1',
    patient: 'a',
    scopes: parsed,
    tokenId: 't',
    grantId: 'g',
    ...more,
  }
}

async function open(): Promise<[World, App]> {
  const world = await createWorld()
  world.tokens.set('good', token('patient/*.cruds'))
  world.tokens.set('reader', token('patient/*.rs'))
  world.tokens.set('orphan', token('user/*.cruds patient/*.cruds', { user: 'gone' }))
  const app = createApp({
    routes: world.api.routes,
    log: silentLog,
    baseUrl: 'https://ehr.example.org',
    allowsOrigin: async (origin) => origin === 'https://app.example.org',
  })
  return [world, app]
}

before(async () => {
  ;[world, app] = await open()
})

const good = { authorization: 'Bearer good' }

function send(url: string, more: Partial<InjectedRequest> = {}) {
  return app.inject({ url, headers: good, ...more })
}

describe('RSRC-01, RFC-17, RFC-18: the token', () => {
  const places: [string, Partial<InjectedRequest>, string?][] = [
    ['nowhere', { headers: {} }],
    ['in the query', { headers: {} }, '?access_token=good'],
    ['in a form', { headers: {}, method: 'POST', form: { access_token: 'good' } }],
    ['in a cookie', { headers: {}, cookies: { access_token: 'good', authorization: 'Bearer good' } }],
    [
      'in another header',
      { headers: { 'x-authorization': 'Bearer good', 'proxy-authorization': 'Bearer good' } },
    ],
    ['as Basic', { headers: { authorization: `Basic ${Buffer.from('good:').toString('base64')}` } }],
  ]
  for (const [name, request, query = ''] of places)
    for (const path of [
      '/fhir/Patient/a',
      '/fhir/Observation/_search',
      '/fhir',
      '/fhir/Patient/a/_history',
      '/fhir/x/y/z',
    ])
      test(`${name} opens nothing: ${path}`, async () => {
        const reply = await send(path + query, request)
        assert.equal(reply.status, 401)
        assert.equal(reply.headers['www-authenticate'], `Bearer realm="${base}"`)
        assert.equal(JSON.parse(reply.body).resourceType, 'OperationOutcome')
      })

  for (const value of ['Bearer bad', 'Bearer orphan', 'Bearer GOOD'])
    test(`«${value}» is 401 invalid_token`, async () => {
      const reply = await send('/fhir/Patient/a', { headers: { authorization: value } })
      assert.equal(reply.status, 401)
      assert.match(reply.headers['www-authenticate'] ?? '', /error="invalid_token"/)
    })

  test('a bad token is put on record', { timeout: 60_000 }, async () => {
    const [world, app] = await open()
    const reasons = async () => (await world.trail()).map(({ event }) => event.reason)
    await app.inject({ url: '/fhir/Patient/a', headers: { authorization: 'Bearer bad' } })
    // Whoever is refused does not wait for it.
    while ((await reasons()).length === 0) await setImmediate()
    await app.inject({ url: '/fhir/Patient/a', headers: good })
    assert.deepEqual(await reasons(), ['tokenInvalid', undefined])
  })

  test('a good one opens its record, kept by no cache', async () => {
    const reply = await send('/fhir/Patient/a')
    assert.equal(reply.status, 200)
    assert.equal(reply.headers['content-type'], 'application/fhir+json; charset=utf-8')
    assert.match(reply.headers['cache-control'] ?? '', /no-store/)
    assert.equal(reply.headers.etag, 'W/"1"')
    assert.equal(new Date(reply.headers['last-modified'] ?? '').getUTCFullYear(), 2024)
  })
})

describe('CORS-01, CORS-02: the CapabilityStatement is for anybody, the rest for registered origins', () => {
  for (const headers of [{}, good, { authorization: 'Bearer bad' }, { authorization: 'nonsense' }])
    test(`it is read with ${JSON.stringify(headers)}`, async () => {
      const reply = await send('/fhir/metadata', {
        headers: { ...headers, origin: 'https://anywhere.example.org' },
      })
      assert.equal(reply.status, 200)
      assert.equal(reply.headers['access-control-allow-origin'], '*')
      assert.equal(JSON.parse(reply.body).fhirVersion, '4.0.1')
    })

  test('an unregistered origin may not read the API, a registered one may, errors too', async () => {
    const from = async (origin: string, url: string, headers: object) =>
      (await send(url, { headers: { ...headers, origin } })).headers['access-control-allow-origin']
    assert.equal(await from('https://evil.example.org', '/fhir/Patient/a', good), undefined)
    assert.equal(await from('https://app.example.org', '/fhir/Patient/a', good), 'https://app.example.org')
    assert.equal(await from('https://app.example.org', '/fhir/Patient/a', {}), 'https://app.example.org')
  })

  test('CORS-04: a preflight needs no token and gives no data', async () => {
    const headers = { origin: 'https://app.example.org', 'access-control-request-method': 'GET' }
    const reply = await send('/fhir/Patient/a', { method: 'OPTIONS', headers })
    assert.equal(reply.body, '')
    assert.ok(reply.status < 300)
  })
})

describe('SCOPE-20: a path in disguise opens nothing', () => {
  for (const path of disguises)
    for (const headers of [good, {}])
      test(`${path} ${headers === good ? 'with' : 'without'} a token`, async () => {
        const reply = await send(path, { headers })
        assert.doesNotMatch(reply.body, /Family-b/)
        if (headers !== good) assert.notEqual(reply.status, 200)
      })
})

describe('SCOPE-14: a method in disguise does nothing', () => {
  const methods = ['x-http-method-override', 'x-http-method', 'x-method-override']
  for (const name of methods)
    for (const method of ['GET', 'POST'])
      for (const hidden of ['PUT', 'DELETE', 'PATCH', 'GET'])
        test(`${method} with ${name}: ${hidden}`, async () => {
          const body = JSON.stringify(observation('a-lab', 'a', 'laboratory', 'amended'))
          const headers = { ...good, [name]: hidden, 'content-type': 'application/fhir+json' }
          await send('/fhir/Observation/a-lab', { method, headers, ...(method === 'POST' && { body }) })
          assert.equal((await world.repository.read('Observation', 'a-lab'))?.version, '1')
        })

  test('HEAD is judged as GET and has no body', async () => {
    for (const [path, status] of [
      ['/fhir/Patient/a', 200],
      ['/fhir/Patient/b', 404],
      ['/fhir/Observation?patient=b', 200],
    ] as const) {
      const reply = await send(path, { method: 'HEAD' })
      assert.deepEqual([reply.status, reply.body], [status, ''])
    }
  })

  test('what a method says in a header does not reach the writing ones either', async () => {
    const before = (await world.repository.read('Observation', 'a-vital'))?.version
    const headers = { ...good, 'x-http-method-override': 'DELETE' }
    await send('/fhir/Observation/a-vital', { headers })
    await send('/fhir/Observation?_id=a-vital', { headers })
    assert.equal((await world.repository.read('Observation', 'a-vital'))?.version, before)
  })

  for (const path of [
    '/fhir/Observation/a-vital',
    '/fhir/Observation?_id=a-vital',
    '/fhir',
    '/fhir/_history',
  ])
    test(`OPTIONS ${path} does nothing and tells nothing`, async () => {
      const reply = await send(path, { method: 'OPTIONS' })
      assert.deepEqual([reply.status < 300, reply.body], [true, ''])
    })

  for (const path of [
    'Observation//a-vital',
    'Observation%2Fa-vital',
    'observation/a-vital',
    'Observation/a-vital/',
  ])
    for (const method of ['DELETE', 'PATCH', 'PUT'])
      test(`${method} ${path} is no way to a resource`, async () => {
        const reply = await send(`/fhir/${path}`, { method })
        assert.ok(reply.status >= 400 && reply.status < 500)
        assert.equal((await world.repository.read('Observation', 'a-vital'))?.deleted, false)
      })

  test('the content of a Binary comes as its bytes', async () => {
    const data = Buffer.from([0, 255, 128, 10])
    const securityContext = { reference: 'Observation/a-lab' }
    const binary = { resourceType: 'Binary', id: 'x', contentType: 'image/png', securityContext }
    await world.repository.update({ ...binary, data: data.toString('base64') })
    const reply = await send('/fhir/Binary/x', { headers: { ...good, accept: 'image/png' } })
    assert.deepEqual([reply.status, reply.headers['content-type']], [200, 'image/png'])
    assert.equal(reply.headers['x-content-type-options'], 'nosniff')
    assert.equal(reply.headers['content-disposition'], 'attachment')
  })

  test('HEAD without a token is 401', async () => {
    assert.equal((await send('/fhir/Patient/a', { method: 'HEAD', headers: {} })).status, 401)
  })

  for (const method of ['PROPFIND', 'TRACE', 'SEARCH'])
    test(`${method} is no way in`, async () => {
      const reply = await send('/fhir/Patient/a', { method }).catch(() => undefined)
      assert.notEqual(reply?.status, 200)
    })
})

describe('formats', () => {
  const json = { ...good, 'content-type': 'application/fhir+json' }

  test('XML alone is 406, with an OperationOutcome in JSON', async () => {
    for (const [path, headers] of [
      ['/fhir/Patient/a', { ...good, accept: 'application/fhir+xml' }],
      ['/fhir/Patient/a?_format=xml', good],
      ['/fhir/metadata', { accept: 'application/xml' }],
    ] as const) {
      const reply = await send(path, { headers })
      assert.equal(reply.status, 406)
      assert.equal(JSON.parse(reply.body).resourceType, 'OperationOutcome')
    }
  })

  const bodies: [string, string, string, number][] = [
    ['XML', '<Patient/>', 'application/fhir+xml', 415],
    ['JSON without its name', '{"resourceType":"Basic"}', 'text/plain', 415],
    ['broken JSON', '{"resourceType":"Basic",}', 'application/fhir+json', 400],
    ['another type', '{"resourceType":"Patient","id":"a"}', 'application/fhir+json', 400],
    [
      'a Bundle of what is not built',
      '{"resourceType":"Bundle","type":"batch"}',
      'application/fhir+json',
      400,
    ],
    ['nothing', '', 'application/fhir+json', 400],
  ]
  for (const [name, body, type, status] of bodies)
    test(`a body with ${name} is ${status}`, async () => {
      const reply = await send('/fhir/Basic', {
        method: 'POST',
        body,
        headers: { ...good, 'content-type': type },
      })
      assert.equal(reply.status, status, reply.body)
      assert.equal(JSON.parse(reply.body).resourceType, 'OperationOutcome')
    })

  test('a body that is too large, or not UTF-8, is told as an OperationOutcome', async () => {
    const body = `"${'x'.repeat(17 * 1024 * 1024)}"`
    const reply = await send('/fhir/Basic', { method: 'POST', headers: json, body })
    assert.equal(reply.status, 413)
    assert.equal(JSON.parse(reply.body).resourceType, 'OperationOutcome')
  })

  test('an unknown type is 404, an unknown address too', async () => {
    for (const path of ['/fhir/Nonsense/1', '/fhir/Nonsense', '/fhir/nonsense-1'])
      assert.equal((await send(path)).status, 404)
  })
})

test('SCOPE-14: a reader cannot write over HTTP either', async () => {
  const headers = { authorization: 'Bearer reader', 'content-type': 'application/fhir+json' }
  const body = JSON.stringify(observation('a-lab', 'a', 'laboratory', 'amended'))
  assert.equal((await send('/fhir/Observation/a-lab', { method: 'PUT', headers, body })).status, 403)
  assert.equal((await send('/fhir/Observation', { method: 'POST', headers, body })).status, 403)
})

test('no request of this file was a fault of ours', () => {
  assert.deepEqual(world.faults, [])
})

describe('FHIR R4 Binary over HTTP', () => {
  const png = Buffer.from('89504e470d0a1a0a00ff', 'hex')
  const binary = (more: object = {}) => ({
    method: 'POST',
    body: png,
    headers: { ...good, 'content-type': 'image/png', 'x-security-context': 'Observation/a-lab', ...more },
  })

  test('bytes go in and come out as they were, as a download that runs nowhere', async () => {
    const created = await send('/fhir/Binary', binary())
    assert.equal(created.status, 201, created.body)
    const [, id = ''] = /Binary\/([^/]+)\/_history/.exec(created.headers.location ?? '') ?? []
    const reply = await send(`/fhir/Binary/${id}`, { headers: { ...good, accept: 'image/*' } })
    assert.deepEqual(Buffer.from(reply.bytes), png)
    assert.equal(reply.headers['content-type'], 'image/png')
    assert.equal(reply.headers['content-disposition'], 'attachment')
    assert.equal(reply.headers['x-content-type-options'], 'nosniff')
    assert.equal(
      reply.headers['content-security-policy'],
      "default-src 'none'; frame-ancestors 'none'; sandbox",
    )
    assert.equal(reply.headers['cache-control'], 'no-store')
    assert.equal(reply.headers['x-security-context'], 'Observation/a-lab')
  })

  test('bytes are taken nowhere else, and not without a token that may write them', async () => {
    for (const url of [
      '/fhir/Observation',
      '/fhir',
      '/fhir//Binary',
      '/fhir/Binary/',
      '/fhir/Binary/x/$meta-add',
      '/fhir/binary',
      '/fhir/%62inary',
      '/fhir/Binary%2F',
      '/fhir/%2FBinary',
      '/fhir%2FBinary',
      '/fhir/%2542inary',
    ]) {
      const reply = await send(url, binary())
      assert.ok(reply.status >= 400 && reply.status < 500, `${url} ${reply.status}`)
    }
    // The other spellings are the same address (RFC 3986 §6.2.2.2), and as well guarded.
    for (const url of ['/fhir/Binary', '/fhir/%42inary', '/%66hir/Binary']) {
      assert.equal((await send(url, binary({ authorization: 'Bearer none' }))).status, 401, url)
      assert.equal((await send(url, binary({ authorization: 'Bearer reader' }))).status, 403, url)
      const elsewhere = await send(url, binary({ 'x-security-context': 'Observation/b-lab' }))
      assert.equal(elsewhere.status, 403, url)
    }
    // Two headers are one long value, and none of the two counts.
    assert.equal(
      (await send('/fhir/Binary', binary({ 'x-security-context': 'Observation/a-lab, Observation/b-lab' })))
        .status,
      400,
    )
    assert.equal(
      (await send('/fhir/Binary', { ...binary(), body: Buffer.alloc(17 * 1024 * 1024) })).status,
      413,
    )
  })
})
