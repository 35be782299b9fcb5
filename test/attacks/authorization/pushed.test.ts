/** Pushed authorization requests: one use, one app, ninety seconds, and nothing beside them counts. RFC 9126. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from '../../../src/authorization/client.ts'
import { assertionOf, assertRefused, backendOf, jwtBearer, keyPair, worldOf } from './backend.ts'
import { authorizeParameters, Browser, basic, query, redeem } from './visit.ts'
import {
  baseUrl,
  callback,
  confidentialApp,
  createWorld,
  otherApp,
  publicApp,
  SECOND,
  secret,
  users,
  type World,
} from './world.ts'

type Changes = Readonly<Record<string, string | undefined>>

async function push(world: World, changes: Changes = {}, headers: Record<string, string> = {}) {
  const form = authorizeParameters({ scope: 'openid', ...changes })
  const reply = await world.app.inject({ method: 'POST', url: '/oauth/par', form, headers })
  return { status: reply.status, headers: reply.headers, body: JSON.parse(reply.body) }
}

function come(world: World, request_uri: string, more: Record<string, string> = {}, user = users.patient) {
  const pairs = Object.entries({ client_id: publicApp.id, request_uri, ...more })
  return new Browser(world, user).get(`/oauth/authorize?${query(pairs)}`)
}

test('RFC 9126 §2.2: a pushed request leads to a code; the name of it says nothing and is kept hashed', async () => {
  const world = await createWorld()
  const { status, body, headers } = await push(world)
  assert.equal(status, 201)
  assert.equal(headers['cache-control'], 'no-store')
  assert.match(body.request_uri, /^urn:ietf:params:oauth:request_uri:[A-Za-z0-9_-]{43}$/)
  assert.equal(body.expires_in, 90)
  const stored = JSON.stringify(await world.sql.all('SELECT * FROM pushed_requests'))
  assert.equal(stored.includes(body.request_uri.slice(-43)), false)
  const browser = new Browser(world, users.patient)
  const sent = await browser.get(
    `/oauth/authorize?${query([
      ['client_id', publicApp.id],
      ['request_uri', body.request_uri],
    ])}`,
  )
  const back = await (await browser.visit(sent.headers.location ?? '')).allow()
  assert.equal(back.answer.get('state'), 'state-1')
  assert.equal((await redeem(world, back.code)).status, 200)
})

test('a guess at the secret of an app is on record here too', async () => {
  const world = await createWorld()
  const wrong = basic(confidentialApp.id, `${secret}x`)
  const { status } = await push(world, { client_id: confidentialApp.id }, wrong)
  assert.equal(status, 401)
  assert.deepEqual(
    world.events.map(({ kind, outcome }) => [kind, outcome]),
    [['token', 'refused']],
  )
  assert.equal(JSON.stringify(world.events).includes(secret), false)
})

test('RFC 9126 §7.3: a request_uri works once, also for two at the same moment', async () => {
  const world = await createWorld()
  const { body } = await push(world)
  const replies = await Promise.all([1, 2, 3].map(() => come(world, body.request_uri)))
  assert.deepEqual(replies.map(({ status }) => status).toSorted(), [303, 400, 400])
  assert.equal((await come(world, body.request_uri)).status, 400)
  assert.equal((await world.sql.all('SELECT * FROM flows')).length, 1)
})

test('RFC 9126 §2.2: a request_uri dies after 90 seconds', async () => {
  const world = await createWorld()
  const { body } = await push(world)
  world.pass(90 * SECOND)
  const reply = await come(world, body.request_uri)
  assert.equal(reply.status, 400)
  assert.equal(reply.headers.location, undefined)
})

test("RFC 9126 §7.1: another app's request_uri is refused, and stays good for its owner", async () => {
  const world = await createWorld()
  const { body } = await push(world)
  assert.equal((await come(world, body.request_uri, { client_id: otherApp.id })).status, 400)
  assert.equal((await come(world, body.request_uri)).status, 303)
})

test('RFC 9126 §4: what stands beside a request_uri does not count', async () => {
  const world = await createWorld()
  const { body } = await push(world)
  const beside = {
    scope: 'user/*.cruds',
    redirect_uri: 'https://evil.example/',
    state: 'other',
    prompt: 'none',
  }
  const browser = new Browser(world, users.patient)
  const pairs = Object.entries({ client_id: publicApp.id, request_uri: body.request_uri, ...beside })
  const sent = await browser.get(`/oauth/authorize?${query(pairs)}`)
  const back = await (await browser.visit(sent.headers.location ?? '')).allow()
  assert.ok(back.reply.headers.location?.startsWith(`${callback}?code=`))
  assert.equal(back.answer.get('state'), 'state-1')
  assert.equal((await redeem(world, back.code)).body.scope, 'openid')
})

test('RFC 9101 §5: a request_uri and a request object are one too many, and the push stays good', async () => {
  const world = await createWorld()
  const { body } = await push(world)
  assert.equal((await come(world, body.request_uri, { request: 'a.b.c' })).status, 400)
  assert.equal((await come(world, body.request_uri)).status, 303)
})

test('RFC 9101 §10.5: what was pushed unsigned does not count for an app that has to sign since', async () => {
  const world = await createWorld()
  const { body } = await push(world)
  await world.clients.change(publicApp.id, (app) => ({ ...app, requiresSignedRequests: true }))
  assert.equal((await come(world, body.request_uri)).status, 400)
})

for (const uri of [
  'urn:ietf:params:oauth:request_uri:',
  `urn:ietf:params:oauth:request_uri:${'A'.repeat(43)}`,
  `urn:ietf:params:oauth:request_uri:${'A'.repeat(50_000)}`,
  'URN:IETF:PARAMS:OAUTH:REQUEST_URI:x',
])
  test(`RFC 9126: an unknown request_uri is told in place (${uri.slice(0, 50)})`, async () => {
    const world = await createWorld()
    const form = [
      ['client_id', publicApp.id],
      ['request_uri', uri],
    ] as const
    const reply = await new Browser(world).post('/oauth/authorize', form)
    assert.equal(reply.status, 400)
    assert.equal(reply.headers.location, undefined)
  })

const refused: readonly (readonly [string, number, string, Changes])[] = [
  ['no challenge', 400, 'invalid_request', { code_challenge: undefined }],
  ['plain', 400, 'invalid_request', { code_challenge_method: 'plain' }],
  ['a foreign redirect URI', 400, 'invalid_request', { redirect_uri: 'https://evil.example/' }],
  ['no redirect URI', 400, 'invalid_request', { redirect_uri: undefined }],
  ['another audience', 400, 'invalid_request', { aud: 'https://evil.example/fhir' }],
  ['nothing to grant', 400, 'invalid_scope', { scope: 'system/*.rs' }],
  ['a request_uri in it', 400, 'invalid_request', { request_uri: 'https://evil.example/' }],
  ['an unknown app', 400, 'invalid_client', { client_id: 'nobody' }],
  ['a confidential app without its secret', 400, 'invalid_client', { client_id: confidentialApp.id }],
  [
    'a confidential app with a wrong secret',
    400,
    'invalid_client',
    { client_id: confidentialApp.id, client_secret: 'guess' },
  ],
  ['a secret of a public app', 400, 'invalid_client', { client_secret: 'x' }],
  ['an implicit token', 400, 'unsupported_response_type', { response_type: 'token' }],
]

for (const [what, status, error, changes] of refused)
  test(`RFC 9126 §2.3: a push with ${what} is ${error}, and leaves nothing`, async () => {
    const world = await createWorld()
    const reply = await push(world, changes)
    assert.equal(reply.status, status)
    assert.equal(reply.body.error, error)
    assert.deepEqual(await world.sql.all('SELECT * FROM pushed_requests'), [])
  })

test('RFC 9126 §2: a confidential app authenticates as at the token endpoint, and its secret is not kept', async () => {
  const posting: Client = { ...confidentialApp, id: 'posting', authMethod: 'client_secret_post' }
  const world = await createWorld({ clients: [publicApp, confidentialApp, posting] })
  const by = { ...basic(confidentialApp.id, secret) }
  assert.equal((await push(world, { client_id: confidentialApp.id }, by)).status, 201)
  assert.equal((await push(world, { client_id: posting.id, client_secret: secret })).status, 201)
  const stored = JSON.stringify(await world.sql.all('SELECT * FROM pushed_requests'))
  assert.equal(stored.includes(secret), false)
  const wrong = await push(world, { client_id: confidentialApp.id }, basic(confidentialApp.id, 'guess'))
  assert.deepEqual([wrong.status, wrong.body.error], [401, 'invalid_client'])
  assert.match(wrong.headers['www-authenticate'] ?? '', /^Basic /)
  assert.equal((await push(world, { client_id: publicApp.id }, by)).body.error, 'invalid_request')
})

test('RFC 9126 §2.3: only a form that is posted is a push', async () => {
  const world = await createWorld()
  const body = JSON.stringify(Object.fromEntries(authorizeParameters()))
  const headers = { 'content-type': 'application/json' }
  const reply = await world.app.inject({ method: 'POST', url: '/oauth/par', body, headers })
  assert.equal(JSON.parse(reply.body).error, 'invalid_request')
  assert.equal((await world.app.inject({ url: `/oauth/par?${query(authorizeParameters())}` })).status, 405)
})

test('RFC 9126 §6: an app that has to push gets nothing for a request that was not', async () => {
  const world = await createWorld({ clients: [{ ...publicApp, requiresPushedRequests: true }] })
  const page = await new Browser(world, users.patient).open()
  assert.equal(page.answer.get('error'), 'invalid_request')
  const { body } = await push(world)
  assert.equal((await come(world, body.request_uri)).status, 303)
})

test('CODE-03: a state of odd bytes survives the push', async () => {
  const world = await createWorld()
  const body = `${query(authorizeParameters({ state: undefined, scope: 'openid' }))}&state=%FF%FE`
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const pushed = await world.app.inject({ method: 'POST', url: '/oauth/par', body, headers })
  const browser = new Browser(world, users.patient)
  const pairs = Object.entries({ client_id: publicApp.id, request_uri: JSON.parse(pushed.body).request_uri })
  const sent = await browser.get(`/oauth/authorize?${query(pairs as [string, string][])}`)
  const back = await (await browser.visit(sent.headers.location ?? '')).allow()
  assert.match(back.reply.headers.location ?? '', /&state=%FF%FE&/)
})

test('a disabled app gets nothing for what it pushed', async () => {
  const world = await createWorld()
  const { body } = await push(world)
  await world.clients.change(publicApp.id, () => ({ ...publicApp, disabled: true }))
  assert.equal((await come(world, body.request_uri)).status, 400)
  assert.equal((await push(world)).body.error, 'invalid_client')
})

const parEndpoint = `${baseUrl}/oauth/par`
const evil = 'https://evil.example/oauth/par'

for (const [what, aud, status] of [
  ['the issuer', baseUrl, 201],
  ['the token endpoint', `${baseUrl}/oauth/token`, 201],
  ['the endpoint itself', parEndpoint, 201],
  ['the endpoint itself and another name of this server', [parEndpoint, baseUrl], 400],
  ['another server', evil, 400],
  ['another endpoint', `${baseUrl}/oauth/introspect`, 400],
] as const)
  test(`RFC 9126 §2: an assertion for ${what} is answered with ${status}`, async () => {
    const pair = await keyPair('ES384')
    const { redirectUris, grantTypes, scope } = publicApp
    const world = await createWorld({
      clients: [await backendOf([pair], { redirectUris, grantTypes, scope })],
    })
    const client_assertion = await assertionOf(world, pair, { claims: { aud } })
    const changes = { client_id: 'backend', client_assertion, client_assertion_type: jwtBearer }
    const { status: answered, body } = await push(world, changes)
    assert.equal(answered, status, body.error_description)
    if (status === 201) return
    assert.equal(body.error, 'invalid_client')
    for (const name of [baseUrl, `${baseUrl}/oauth/token`, parEndpoint])
      assert.ok(
        body.error_description.split(/,? /).some((word: string) => word.replace(/\.$/, '') === name),
        name,
      )
  })

test('RFC 9126 §2, CAUTH-32: an assertion for the push serves nowhere else, and once', async () => {
  const pair = await keyPair('ES384')
  const world = await worldOf({ redirectUris: publicApp.redirectUris })
  const assertion = await assertionOf(world, pair, { claims: { aud: parEndpoint } })
  await assertRefused(world, assertion, /aud has to be/)
  const { body } = await push(world, {
    client_id: 'backend',
    client_assertion: assertion,
    client_assertion_type: jwtBearer,
  })
  assert.equal(body.error, 'unauthorized_client')
  const again = await push(world, {
    client_id: 'backend',
    client_assertion: assertion,
    client_assertion_type: jwtBearer,
  })
  assert.match(again.body.error_description, /used before/)
})
