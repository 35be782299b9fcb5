/** Keys at an address: where they may be fetched, and what a stranger can make us fetch. CAUTH-07, CAUTH-10, CAUTH-39 to CAUTH-46, EM-15, SEC-01. */
import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { createOutbound } from '../../../src/http/outbound.ts'
import { askWith, assertionOf, backendOf, keyPair, type Pair } from './backend.ts'
import { Browser } from './visit.ts'
import { callback, createWorld, SECOND, users, verifier, type World } from './world.ts'

interface Published {
  readonly url: string
  visits: number
  answer: RequestListener
}

/** A server on this machine that publishes keys. */
async function publish(t: TestContext, pairs: readonly Pair[]): Promise<Published> {
  const published: Published = {
    url: '',
    visits: 0,
    answer: (_, response) => {
      response.setHeader('cache-control', 'max-age=60')
      response.end(JSON.stringify({ keys: pairs.map(({ jwk }) => jwk) }))
    },
  }
  const server = createServer((request, response) => {
    published.visits++
    published.answer(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  return Object.assign(published, { url: `http://127.0.0.1:${port}/jwks` })
}

async function worldOf(t: TestContext, jwksUri: string, allowLoopback = true): Promise<World> {
  const outbound = createOutbound({ allowLoopback })
  t.after(() => outbound.close())
  const { jwks: _, ...client } = await backendOf([])
  return createWorld({ clients: [{ ...client, jwksUri }], outbound })
}

async function answerTo(world: World, pair: Pair, header = {}) {
  const { status, body } = await askWith(world, await assertionOf(world, pair, { header }))
  return status === 200 ? 'token' : body.error
}

test('CAUTH-07, CAUTH-40: keys at the registered address prove the app, fetched once', async (t) => {
  const pair = await keyPair('ES384')
  const published = await publish(t, [pair, await keyPair('RS384')])
  const world = await worldOf(t, published.url)
  assert.equal(await answerTo(world, pair), 'token')
  assert.equal(await answerTo(world, await keyPair('RS384')), 'token')
  assert.equal(await answerTo(world, pair, { jku: published.url }), 'token')
  assert.equal(published.visits, 1)
})

for (const way of ['jwks', 'jwks_uri'] as const) {
  test(`CAUTH-07, CAUTH-21: an app registers itself with ${way}, and proves itself by the key in it under the id it was given`, async () => {
    const [pair, thief] = [await keyPair('ES384'), await keyPair('ES384', 'thief')]
    const jwks = { keys: [pair.jwk] }
    const address = 'https://keys.example/jwks'
    const world = await createWorld({
      openRegistration: true,
      outbound: {
        get: async (url) => ({
          status: 200,
          headers: {},
          body: url === address ? JSON.stringify(jwks) : '{}',
        }),
      },
    })
    const registered = await world.app.inject({
      url: '/oauth/register',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        redirect_uris: [callback],
        scope: 'openid launch/patient patient/*.rs',
        token_endpoint_auth_method: 'private_key_jwt',
        [way]: way === 'jwks' ? jwks : address,
      }),
    })
    const told = JSON.parse(registered.body)
    assert.deepEqual([registered.status, told[way]], [201, way === 'jwks' ? jwks : address])
    const id = String(told.client_id)
    const page = await new Browser(world, users.patient).open({ client_id: id, scope: 'patient/Patient.r' })
    const exchange = {
      grant_type: 'authorization_code',
      code: (await page.allow()).code,
      redirect_uri: callback,
      code_verifier: verifier,
    }
    const by = (one: Pair) => assertionOf(world, one, { claims: { iss: id, sub: id } })
    const forged = await askWith(world, await by({ ...thief, kid: pair.kid }), exchange)
    assert.equal(forged.body.error, 'invalid_client')
    assert.equal((await askWith(world, await by(pair), exchange)).body.patient, 'amara')
  })
}

test('CAUTH-15, AMB-14: a key that was added since is found; one that is taken back stops when its time is over', async (t) => {
  const [old, next] = [await keyPair('ES384'), await keyPair('ES384', 'next')]
  const pairs = [old]
  const published = await publish(t, pairs)
  const world = await worldOf(t, published.url)
  assert.equal(await answerTo(world, old), 'token')
  pairs.push(next)
  world.pass(11 * SECOND)
  assert.equal(await answerTo(world, next), 'token')
  pairs.shift()
  world.pass(60 * SECOND)
  assert.equal(await answerTo(world, old), 'invalid_client')
})

test('CAUTH-39: a jku of somebody else is refused without a visit', async (t) => {
  const pair = await keyPair('ES384')
  const [published, evil] = [await publish(t, [pair]), await publish(t, [pair])]
  const world = await worldOf(t, published.url)
  for (const jku of [
    evil.url,
    `${published.url}?`,
    `${published.url}#`,
    published.url.replace('127.0.0.1', 'localhost'),
  ])
    assert.equal(await answerTo(world, pair, { jku }), 'invalid_client')
  assert.deepEqual([published.visits, evil.visits], [0, 0])
})

test('a thousand strangers with keys that never were make us ask twice', async (t) => {
  const published = await publish(t, [await keyPair('ES384')])
  const world = await worldOf(t, published.url)
  for (let at = 0; at < 100; at++)
    assert.equal(
      await answerTo(world, { ...(await keyPair('ES384', 'thief')), kid: `k${at}` }),
      'invalid_client',
    )
  assert.ok(published.visits <= 2)
})

test('what says nothing of an app that registered is not fetched', async (t) => {
  const published = await publish(t, [await keyPair('ES384')])
  const world = await worldOf(t, published.url)
  const pair = await keyPair('ES384')
  for (const claims of [{ iss: 'x', sub: 'x' }, { aud: 'x' }, { exp: 1 }, { jti: undefined }]) {
    const { body } = await askWith(world, await assertionOf(world, pair, { claims }))
    assert.equal(body.error, 'invalid_client')
  }
  assert.equal(published.visits, 0)
})

test('SSRF: outside the sandbox this machine is not visited, by whatever name', async (t) => {
  const published = await publish(t, [await keyPair('ES384')])
  const { port } = new URL(published.url)
  const hosts = [
    '127.0.0.1',
    'localhost',
    '[::1]',
    '0.0.0.0',
    '127.1',
    '2130706433',
    '[::ffff:127.0.0.1]',
    'x.localhost',
  ]
  for (const scheme of ['http', 'https']) {
    for (const host of hosts) {
      const world = await worldOf(t, `${scheme}://${host}:${port}/jwks`, false)
      assert.equal(await answerTo(world, await keyPair('ES384')), 'invalid_client', host)
    }
  }
  assert.equal(published.visits, 0)
})

test('SSRF: in the sandbox neither private networks nor the metadata of cloud machines are visited', async (t) => {
  for (const host of [
    '10.0.0.1',
    '192.168.0.1',
    '172.16.0.1',
    '169.254.169.254',
    '[fd00::1]',
    '[fe80::1]',
    '100.64.0.1',
  ]) {
    for (const scheme of ['http', 'https']) {
      const world = await worldOf(t, `${scheme}://${host}/jwks`)
      assert.equal(await answerTo(world, await keyPair('ES384')), 'invalid_client', host)
    }
  }
})

const bad: readonly (readonly [string, (url: string, pair: Pair) => RequestListener])[] = [
  [
    'a redirect to the keys',
    (url) => (_, response) => void response.writeHead(302, { location: `${url}2` }).end(),
  ],
  [
    'a redirect for good',
    (url) => (_, response) => void response.writeHead(308, { location: `${url}2` }).end(),
  ],
  [
    'an error with the keys',
    (_, { jwk }) =>
      (__, response) => {
        response.statusCode = 500
        response.end(JSON.stringify({ keys: [jwk] }))
      },
  ],
  [
    'a huge set',
    (_, { jwk }) =>
      (__, response) =>
        void response.end(JSON.stringify({ keys: [jwk], more: 'x'.repeat(100_000) })),
  ],
  [
    'an endless list',
    (_, { jwk }) =>
      (__, response) =>
        void response.end(
          JSON.stringify({ keys: Array.from({ length: 101 }, (_n, at) => (at === 0 ? jwk : {})) }),
        ),
  ],
  ['no JSON', () => (_, response) => void response.end('<html>')],
  [
    'a key alone',
    (_, { jwk }) =>
      (__, response) =>
        void response.end(JSON.stringify(jwk)),
  ],
  [
    'the private key',
    (_, { jwk }) =>
      (__, response) =>
        void response.end(JSON.stringify({ keys: [{ ...jwk, d: 'AAAA' }] })),
  ],
  ['a broken connection', () => (request) => void request.socket.destroy()],
]
for (const [what, answer] of bad) {
  test(`CAUTH-44: ${what} is no proof, and the refusal says nothing about it`, async (t) => {
    const pair = await keyPair('ES384')
    const published = await publish(t, [pair])
    const world = await worldOf(t, published.url)
    published.answer = answer(published.url, pair)
    const { status, body } = await askWith(world, await assertionOf(world, pair))
    assert.deepEqual([status, body.error], [400, 'invalid_client'])
    assert.match(String(body.error_description), /^The client_assertion is not signed/)
    assert.equal(published.visits, 1)
  })
}
