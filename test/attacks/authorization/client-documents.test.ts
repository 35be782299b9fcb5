/** Apps whose client_id is an address: forged documents, borrowed names, addresses inside the house. Draft OAuth Client ID Metadata Document; REG-03, RFC-01. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everyRecord } from '../../../src/authorization/registration/approval.ts'
import type { DocumentRules } from '../../../src/authorization/registration/document-clients.ts'
import { createOutbound, type Outbound, type OutboundResult } from '../../../src/http/outbound.ts'
import { Browser, redeem } from './visit.ts'
import { createWorld, MINUTE, sha256, users, verifier, type World } from './world.ts'

const id = 'https://apps.example/client.json'
const redirect = 'https://apps.example/cb'
const good = {
  client_id: id,
  client_name: 'Growth Charts',
  redirect_uris: [redirect],
  scope: 'openid launch/patient patient/*.rs',
}
const sandbox: DocumentRules = { open: everyRecord, trust: [], trustedScope: '' }
const trusting: DocumentRules = { trust: ['apps.example'], trustedScope: 'openid patient/*.rs' }
const closed: DocumentRules = { trust: [], trustedScope: '' }

interface Played {
  readonly outbound: Outbound
  readonly asked: string[]
  answer: (url: string) => OutboundResult
}

function played(document: unknown = good, more: Partial<Record<'type' | 'cache', string>> = {}): Played {
  const asked: string[] = []
  const { type = 'application/json', cache = 'max-age=600' } = more
  const body = typeof document === 'string' ? document : JSON.stringify(document)
  const one: Played = {
    asked,
    answer: () => ({ status: 200, headers: { 'content-type': type, 'cache-control': cache }, body }),
    outbound: {
      async get(url) {
        asked.push(url)
        return one.answer(url)
      },
      post: async () => ({ refused: 'unreachable', detail: 'played' }),
      close: async () => {},
    },
  }
  return one
}

function asks(world: World, clientId = id, uri = redirect) {
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: uri,
    response_type: 'code',
    scope: good.scope,
    aud: 'http://localhost:8080/fhir',
    state: 'state-of-the-app-at-the-start',
    code_challenge: sha256(verifier),
    code_challenge_method: 'S256',
  })
  return world.app.inject({ url: `/oauth/authorize?${query}`, cookies: { session: users.patient.sessionId } })
}

test('an app is known by its document: consent shows its host, and its code works', async () => {
  const { outbound, asked } = played()
  const world = await createWorld({ documents: sandbox, outbound })
  const page = await new Browser(world, users.patient).open({
    client_id: id,
    redirect_uri: redirect,
    scope: good.scope,
    code_challenge: sha256(verifier),
  })
  assert.match(page.reply.body, /Growth Charts/)
  assert.match(page.reply.body, /apps\.example/)
  const { code } = await page.allow()
  const answer = await redeem(world, String(code), { client_id: id, redirect_uri: redirect })
  assert.equal(answer.body.patient, 'amara')
  assert.deepEqual(asked, [id])
  const { registration } = (await world.registrations.find(id)) ?? assert.fail()
  assert.equal(registration.origin, 'document')
})

const wrong: readonly (readonly [string, unknown])[] = [
  ['another client_id', { ...good, client_id: 'https://apps.example/other.json' }],
  ['a client_id in another notation', { ...good, client_id: 'https://APPS.example/client.json' }],
  ['no client_id', { ...good, client_id: undefined }],
  ['a secret', { ...good, client_secret: 's' }],
  ['a secret for authentication', { ...good, token_endpoint_auth_method: 'client_secret_basic' }],
  ['private_key_jwt without keys', { ...good, token_endpoint_auth_method: 'private_key_jwt' }],
  ['no redirect URI', { ...good, redirect_uris: [] }],
  ['a redirect URI of another origin', { ...good, redirect_uris: [redirect, 'https://evil.example/cb'] }],
  ['a redirect URI by script', { ...good, redirect_uris: ['javascript:alert(1)'] }],
  ['a wildcard', { ...good, redirect_uris: ['https://apps.example/*'] }],
  ['client credentials', { ...good, grant_types: ['authorization_code', 'client_credentials'] }],
  ['rights on the house', { ...good, scope: 'openid chartkey.admin' }],
  ['system rights', { ...good, scope: 'system/*.rs' }],
  ['a name that turns the line around', { ...good, client_name: 'Safe\u202eelbatsurt' }],
  ['a list', [good]],
  ['no JSON', 'not json'],
  ['nothing', ''],
]
for (const [what, document] of wrong) {
  test(`a document with ${what} is refused in place, and nothing stored`, async () => {
    const world = await createWorld({ documents: sandbox, outbound: played(document).outbound, clients: [] })
    const reply = await asks(world)
    assert.equal(reply.status, 400)
    assert.equal(reply.headers.location, undefined)
    assert.deepEqual(await world.clients.list(), [])
  })
}

const answers: readonly (readonly [string, OutboundResult])[] = [
  ['status 404', { status: 404, headers: {}, body: JSON.stringify(good) }],
  [
    'status 206',
    { status: 206, headers: { 'content-type': 'application/json' }, body: JSON.stringify(good) },
  ],
  ['a page', { status: 200, headers: { 'content-type': 'text/html' }, body: JSON.stringify(good) }],
  ['no type', { status: 200, headers: {}, body: JSON.stringify(good) }],
  ['a redirect', { refused: 'redirect', detail: '' }],
  ['too much', { refused: 'tooLarge', detail: '' }],
  ['silence', { refused: 'timeout', detail: '' }],
]
for (const [what, answer] of answers) {
  test(`an address that answers with ${what} is no app`, async () => {
    const one = played()
    one.answer = () => answer
    const world = await createWorld({ documents: sandbox, outbound: one.outbound, clients: [] })
    assert.equal((await asks(world)).status, 400)
    assert.deepEqual(await world.clients.list(), [])
  })
}

for (const address of [
  'http://apps.example/client.json',
  'https://apps.example/',
  'https://apps.example',
  'https://apps.example/client.json#x',
  'https://apps.example/a/../client.json',
  'https://apps.example/./client.json',
  'https://apps.example:443/client.json',
  'https://APPS.example/client.json',
  'https://user@apps.example/client.json',
  'https://user:pass@apps.example/client.json',
  'https://:pass@apps.example/client.json',
  'https://apps.example\\@evil.example/client.json',
  'https:apps.example/client.json',
  `https://apps.example/${'x'.repeat(300)}`,
  'HTTPS://apps.example/client.json',
]) {
  test(`the address ${address.slice(0, 60)} is never asked`, async () => {
    const { outbound, asked } = played({ ...good, client_id: address })
    const world = await createWorld({ documents: sandbox, outbound })
    assert.equal((await asks(world, address)).status, 400)
    assert.deepEqual(asked, [])
  })
}

for (const address of [
  'https://127.0.0.1/client.json',
  'https://[::1]/client.json',
  'https://10.0.0.1/client.json',
  'https://169.254.169.254/latest/meta-data',
  'https://[::ffff:10.0.0.1]/client.json',
  'https://localhost/client.json',
  'http://localhost:9/client.json',
]) {
  test(`SSRF: outside the sandbox ${address} is out of reach`, async () => {
    const outbound = createOutbound({ allowLoopback: false })
    const world = await createWorld({ documents: trusting, outbound })
    assert.equal((await asks(world, address)).status, 400)
    await outbound.close()
  })
}

test('where documents are off an address is no app, and nobody is asked', async () => {
  const { outbound, asked } = played()
  const world = await createWorld({ outbound })
  assert.equal((await asks(world)).status, 400)
  assert.deepEqual(asked, [])
  const found = await world.app.inject({ url: '/.well-known/oauth-authorization-server' })
  assert.equal(JSON.parse(found.body).client_id_metadata_document_supported, false)
})

test('RFC-01: only the redirect URIs of the document are redirected to', async () => {
  const world = await createWorld({ documents: sandbox, outbound: played().outbound })
  const reply = await asks(world, id, 'https://evil.example/cb')
  assert.equal(reply.status, 400)
  assert.equal(reply.headers.location, undefined)
})

test('outside the sandbox an app waits, unless its host is trusted and it asks no more than that is enough for', async () => {
  for (const [documents, document, state] of [
    [closed, good, 'waiting'],
    [trusting, good, undefined],
    [trusting, { ...good, scope: 'openid user/*.rs' }, 'waiting'],
    [{ ...trusting, trust: ['example'] }, good, 'waiting'],
    [{ ...trusting, trust: ['apps.example:8443'] }, good, 'waiting'],
  ] as const) {
    const world = await createWorld({ documents, outbound: played(document).outbound })
    const reply = await asks(world)
    assert.equal(reply.status, state === 'waiting' ? 400 : 303)
    assert.equal((await world.clients.find(id))?.approval, state)
  }
})

test('a waiting app that is approved is let in; one that is refused stays out, and its address is not asked again', async () => {
  const one = played()
  const world = await createWorld({ documents: closed, outbound: one.outbound })
  await asks(world)
  await world.authorization.registry.act(id, 'approve', { user: 'u-admin' })
  assert.equal((await asks(world)).status, 303)
  await world.authorization.registry.act(id, 'disable', { user: 'u-admin' })
  const before = one.asked.length
  world.pass(60 * MINUTE)
  assert.equal((await asks(world)).status, 400)
  assert.equal(one.asked.length, before)
})

for (const [what, changes] of [
  ['another redirect URI', { redirect_uris: [redirect, 'https://apps.example/other'] }],
  ['more scopes', { scope: `${good.scope} user/*.rs` }],
  ['another name', { client_name: 'Hospital portal' }],
] as const) {
  test(`an approved document that comes to have ${what} waits again`, async () => {
    const one = played(good, { cache: 'max-age=60' })
    const world = await createWorld({ documents: closed, outbound: one.outbound })
    await asks(world)
    await world.authorization.registry.act(id, 'approve', {})
    assert.equal((await asks(world)).status, 303)
    one.answer = played({ ...good, ...changes }).answer
    world.pass(2 * MINUTE)
    assert.equal((await asks(world)).status, 400)
    assert.equal((await world.clients.find(id))?.approval, 'waiting')
  })
}

test('an administrator’s no stands, also when it came while the changed document was on its way', async () => {
  const one = played(good, { cache: 'max-age=60' })
  let meanwhile = async () => {}
  const outbound: Outbound = {
    ...one.outbound,
    async get(url, limits) {
      await meanwhile()
      return one.outbound.get(url, limits)
    },
  }
  const world = await createWorld({ documents: sandbox, outbound })
  assert.equal((await asks(world)).status, 303)
  world.pass(2 * MINUTE)
  one.answer = played({ ...good, contacts: ['dev@apps.example'] }).answer
  meanwhile = async () =>
    void assert.ok(await world.authorization.registry.act(id, 'disable', { user: 'u-admin' }))
  assert.equal((await asks(world)).status, 400)
  const client = await world.clients.find(id)
  assert.equal(client?.disabled, true)
  assert.equal(client?.contacts, undefined)
})

for (const trust of ['preApproved', 'smart1', 'resourceServer'] as const) {
  test(`the house’s trust (${trust}) is in what a document said, and goes when it says something else`, async () => {
    const jwks_uri = 'https://apps.example/jwks.json'
    const confidential = { ...good, token_endpoint_auth_method: 'private_key_jwt', jwks_uri }
    const one = played(confidential, { cache: 'max-age=60' })
    const world = await createWorld({ documents: sandbox, outbound: one.outbound })
    await asks(world)
    assert.ok(await world.authorization.registry.setTrust(id, trust, true, { user: 'u-admin' }))
    one.answer = played({ ...confidential, contacts: ['dev@apps.example'] }).answer
    world.pass(2 * MINUTE)
    await asks(world)
    assert.equal((await world.clients.find(id))?.[trust], true)
    one.answer = played({ ...confidential, client_name: 'Hospital portal' }).answer
    world.pass(20 * MINUTE)
    assert.equal((await asks(world)).status, 303)
    assert.equal((await world.clients.find(id))?.name, 'Hospital portal')
    assert.equal((await world.clients.find(id))?.[trust], undefined)
  })
}

test('a document is kept as long as it says, a minute at least and a day at most', async () => {
  for (const [cache, minutes] of [
    ['max-age=600', 10],
    ['no-store', 1],
    ['max-age=1', 1],
    ['max-age=999999999', 24 * 60],
  ] as const) {
    const one = played(good, { cache })
    const world = await createWorld({ documents: sandbox, outbound: one.outbound })
    await asks(world)
    world.pass(minutes * MINUTE - 1)
    await asks(world)
    assert.equal(one.asked.length, 1, cache)
    world.pass(1)
    await asks(world)
    assert.equal(one.asked.length, 2, cache)
  }
})

test('while its server is away an app is believed for an hour more; a document that is gone is gone at once', async () => {
  const one = played()
  const world = await createWorld({ documents: sandbox, outbound: one.outbound })
  await asks(world)
  one.answer = () => ({ refused: 'unreachable', detail: '' })
  world.pass(30 * MINUTE)
  assert.equal((await asks(world)).status, 303)
  world.pass(60 * MINUTE)
  assert.equal((await asks(world)).status, 400)
  one.answer = () => ({ status: 404, headers: {}, body: '' })
  assert.equal((await asks(world)).status, 400)
})

test('many who come at once make one request, and one app', async () => {
  const { outbound, asked } = played()
  const world = await createWorld({ documents: sandbox, outbound, clients: [] })
  const replies = await Promise.all(Array.from({ length: 20 }, () => asks(world)))
  assert.ok(replies.every(({ status }) => status === 303))
  assert.equal(asked.length, 1)
  assert.equal((await world.clients.list()).length, 1)
})

test('strangers cannot fill the store with documents that wait', async () => {
  const one = played()
  one.answer = (url) => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...good, client_id: url }),
  })
  const world = await createWorld({
    documents: closed,
    outbound: one.outbound,
    registration: { mostWaiting: 2 },
    clients: [],
  })
  for (let count = 0; count < 5; count++) await asks(world, `https://apps.example/${count}.json`)
  assert.equal((await world.clients.list()).length, 2)
})

test('a home page or logo of somebody else is not shown as the app’s own', async () => {
  const document = {
    ...good,
    client_uri: 'https://hospital.example/',
    logo_uri: 'https://hospital.example/logo.png',
  }
  const world = await createWorld({ documents: sandbox, outbound: played(document).outbound })
  await asks(world)
  const client = await world.clients.find(id)
  assert.equal(client?.clientUri, undefined)
  assert.equal(client?.logoUri, undefined)
})

const local = 'http://localhost:3000/client.json'

test('in a sandbox of this machine alone a document may be at it over plain HTTP', async () => {
  const document = { ...good, client_id: local, redirect_uris: ['http://localhost:3000/cb'] }
  const documents = { ...sandbox, allowsLoopback: true }
  const world = await createWorld({ documents, outbound: played(document).outbound })
  assert.equal((await asks(world, local, 'http://localhost:3000/cb')).status, 303)
})

test('SSRF: in a sandbox that others reach no address of this machine is asked', async () => {
  const { outbound, asked } = played({ ...good, client_id: local })
  const world = await createWorld({ documents: sandbox, outbound })
  for (const address of [local, 'http://127.0.0.1:3000/client.json', 'http://[::1]:3000/client.json']) {
    const reply = await asks(world, address)
    assert.equal(reply.status, 400)
    assert.match(reply.body, /client_id is an address: not an https URL/)
  }
  assert.deepEqual(asked, [])
})

test('an app of a document manages no registration, and registers none in its name', async () => {
  const world = await createWorld({ documents: sandbox, outbound: played().outbound })
  await asks(world)
  for (const method of ['GET', 'DELETE']) {
    const url = `/oauth/register/${encodeURIComponent(id)}`
    const reply = await world.app.inject({ method, url, headers: { authorization: 'Bearer undefined' } })
    assert.equal(reply.status, 401)
  }
})

test('whoever has slow documents asked for takes up no room of logouts and keys', async () => {
  const purposes: (string | undefined)[] = []
  const { outbound } = played()
  const world = await createWorld({
    documents: sandbox,
    outbound: {
      get(url, limits) {
        purposes.push(limits.purpose)
        return outbound.get(url, limits)
      },
    },
  })
  await asks(world)
  assert.deepEqual(purposes, ['documents'])
})
