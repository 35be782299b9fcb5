/** Apps of metadata documents beside an administrator, a switched-off setting, and a logout: what is on record, and what the document says. ADR 0022. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from '../../../src/authorization/client.ts'
import { everyRecord } from '../../../src/authorization/registration/approval.ts'
import type { DocumentRules } from '../../../src/authorization/registration/document-clients.ts'
import { createOutbound, type OutboundResult } from '../../../src/http/outbound.ts'
import { openAdminWorld } from './admin-world.ts'
import { asResourceServer, introspect, isGood } from './tokens.ts'
import { Browser, redeem } from './visit.ts'
import { callback, createWorld, HOUR, MINUTE, sha256, start, users, verifier, type World } from './world.ts'

const id = 'https://apps.example/client.json'
const redirect = 'https://apps.example/cb'
const told = 'https://apps.example/backchannel'
const good = {
  client_id: id,
  client_name: 'Growth Charts',
  redirect_uris: [redirect],
  scope: 'openid offline_access launch/patient patient/*.rs',
  backchannel_logout_uri: told,
}
const documents: DocumentRules = { open: everyRecord, trust: [], trustedScope: '' }

/** A world with the app in it; the tokens that a patient gave it; what was sent out. */
async function withApp(document: object = good) {
  const sent: string[] = []
  const asked: string[] = []
  const state: { answer: OutboundResult } = {
    answer: {
      status: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'max-age=60' },
      body: JSON.stringify(document),
    },
  }
  const outbound = {
    async get(url: string) {
      asked.push(url)
      return state.answer
    },
    async post(url: string): Promise<OutboundResult> {
      sent.push(url)
      return { status: 200, headers: {}, body: '' }
    },
  }
  const world = await createWorld({ documents, outbound })
  const page = await new Browser(world, users.patient).open({
    client_id: id,
    redirect_uri: redirect,
    scope: good.scope,
    code_challenge: sha256(verifier),
  })
  const { code } = await page.allow()
  const { body } = await redeem(world, String(code), { client_id: id, redirect_uri: redirect })
  return { world, outbound, sent, asked, state, tokens: body }
}

test('where documents are switched off, what their apps hold stops with the next request, as of a disabled app', async () => {
  for (const access_token_format of ['jwt', 'opaque']) {
    const { world, outbound, tokens } = await withApp({ ...good, access_token_format })
    assert.equal(await isGood(world, tokens.access_token), true)
    const off: World = { ...world, ...(await world.restart({ outbound })) }
    assert.equal(await isGood(off, tokens.access_token), false)
    assert.deepEqual((await introspect(off, tokens.access_token, asResourceServer)).body, { active: false })
    const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, client_id: id }
    const reply = await off.app.inject({ method: 'POST', url: '/oauth/token', form })
    assert.equal(JSON.parse(reply.body).error, 'invalid_client')
    const person = await off.app.inject({
      url: '/oauth/userinfo',
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    assert.equal(person.status, 401)
    // Nothing was taken away: switched on again, it goes on.
    assert.equal(
      await isGood({ ...world, ...(await world.restart({ documents, outbound })) }, tokens.access_token),
      true,
    )
  }
})

test('where documents are switched off, their apps are launched by nobody', async () => {
  const { world, outbound } = await withApp()
  const { authorization } = await world.restart({ outbound })
  assert.equal((await authorization.appsOnRecord.find(id))?.disabled, true)
  assert.deepEqual(
    (await authorization.appsOnRecord.list()).filter(({ disabled }) => disabled).map((app) => app.id),
    [id],
  )
})

test('CORS-06: where documents are switched off, pages of their apps read nothing; those of registered apps do', async () => {
  const { world, outbound } = await withApp()
  const reads = async ({ app }: Pick<World, 'app'>, origin: string) =>
    (await app.inject({ method: 'OPTIONS', url: '/oauth/token', headers: { origin } })).headers[
      'access-control-allow-origin'
    ] === origin
  const [ofDocument, registered] = ['https://apps.example', new URL(callback).origin]
  assert.deepEqual([await reads(world, ofDocument), await reads(world, registered)], [true, true])
  const off = await world.restart({ outbound })
  assert.deepEqual([await reads(off, ofDocument), await reads(off, registered)], [false, true])
  // Who registered that origin by itself keeps it.
  await world.clients.add({ ...(await world.clients.find(id)), id: 'other' } as Client)
  assert.equal(await reads(off, ofDocument), true)
})

test('Back-Channel Logout §2.5: an app hears of the logout whether its document can be had or not, and nobody asks for it', async () => {
  const { world, sent, asked, state } = await withApp()
  world.pass(120 * MINUTE)
  state.answer = { refused: 'unreachable', detail: '' }
  const before = asked.length
  await world.endSession(users.patient)
  await world.authorization.deliverLogouts()
  assert.deepEqual(sent, [told])
  assert.equal(asked.length, before)
})

test('Back-Channel Logout §2.5: an app of a document hears nothing where documents are switched off', async () => {
  const { world, outbound, sent } = await withApp()
  await world.endSession(users.patient)
  const { authorization } = await world.restart({ outbound })
  await authorization.deliverLogouts()
  await world.endSession(users.patient)
  await authorization.deliverLogouts()
  assert.deepEqual(sent, [])
})

test('an app that is removed and comes again by its document gets nothing of what was given before: no code that lay ready, no token', async () => {
  const { world, tokens } = await withApp()
  const request = { client_id: id, redirect_uri: redirect, scope: good.scope }
  const page = await new Browser(world, users.patient).open({ ...request, code_challenge: sha256(verifier) })
  const { code } = await page.allow()
  assert.ok(await world.authorization.registry.remove(id, {}))
  const before = world.events.length
  const reply = await redeem(world, code, { client_id: id, redirect_uri: redirect })
  assert.deepEqual([reply.status, reply.body.error], [400, 'invalid_grant'])
  assert.ok(
    !world.events.slice(before).some(({ kind, outcome }) => kind === 'token' && outcome === 'success'),
  )
  // Its document made it an app again.
  assert.ok(await world.clients.find(id))
  assert.equal(await isGood(world, tokens.access_token), false)
  const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, client_id: id }
  const refreshed = await world.app.inject({ method: 'POST', url: '/oauth/token', form })
  assert.equal(JSON.parse(refreshed.body).error, 'invalid_grant')
})

/** Administration, with an app of a document that waits. */
async function administered() {
  const world = await openAdminWorld()
  const client = {
    id,
    name: 'Growth Charts',
    authMethod: 'none' as const,
    redirectUris: [redirect],
    grantTypes: ['authorization_code' as const],
    scope: 'openid patient/*.rs',
    createdAt: start,
    disabled: true,
    approval: 'waiting' as const,
  }
  const document = { fetchedAt: start, freshUntil: start + MINUTE }
  const registration = { origin: 'document' as const, waitsFor: ['approval' as const], document }
  const event = { kind: 'client-registered', outcome: 'success', actor: {} } as const
  await world.stores.registrations.add({ client, registration }, event, start)
  return { world, path: `/apps/${encodeURIComponent(id)}` }
}

test('what a document says is not edited by an administrator: the API refuses it and says why', async () => {
  const { world, path } = await administered()
  const token = await world.tokenOf('console', 'chartkey.admin')
  const before = await world.stores.registrations.find(id)
  const reply = await world.call('PUT', path, token, {
    client_name: 'Mine',
    redirect_uris: ['https://evil.example/cb'],
    token_endpoint_auth_method: 'none',
  })
  assert.equal(reply.status, 409)
  assert.match(String(reply.body.error_description), /metadata document/)
  assert.deepEqual(await world.stores.registrations.find(id), before)
  assert.equal((await world.call('POST', `${path}/approve`, token)).body.status, 'approved')
  assert.equal((await world.call('POST', `${path}/disable`, token)).body.status, 'disabled')
})

test('what a document says is not edited on the pages either; whether it may be used is decided there', async () => {
  const { world, path } = await administered()
  const admin = await world.signIn('admin')
  const page = `/admin${path}`
  const seen = await admin.get(page)
  assert.match(seen.body, /changed there/)
  assert.doesNotMatch(seen.body, /\/edit"/)
  const form = {
    client_name: 'Mine',
    redirect_uris: 'https://evil.example/cb',
    grant_types: 'authorization_code',
  }
  for (const reply of [await admin.get(`${page}/edit`), await admin.send(page, `${page}/edit`, form)]) {
    assert.equal(reply.status, 409)
    assert.match(reply.body, /metadata document/)
  }
  assert.equal((await world.stores.clients.find(id))?.name, 'Growth Charts')
  assert.equal((await admin.send(page, page, { act: 'approve' })).status, 303)
  assert.equal((await world.stores.clients.find(id))?.disabled, undefined)
})

test('RP-Initiated Logout §2: a person signs out, and is sent back, where the app’s document cannot be had', async () => {
  const after = 'https://apps.example/bye'
  const { world, asked, state, tokens } = await withApp({ ...good, post_logout_redirect_uris: [after] })
  world.pass(3 * HOUR)
  state.answer = { status: 404, headers: {}, body: '' }
  const before = asked.length
  const browser = new Browser(world, users.patient)
  const query = new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri: after })
  assert.equal((await browser.get(`/oauth/logout?${query}`)).headers.location, after)
  assert.notEqual((await browser.get('/account/apps')).status, 200)
  assert.equal(asked.length, before)
})

test('OIDC Core §5.3.2: what an app wants signed stays signed where its document cannot be had', async () => {
  const { world, asked, state, tokens } = await withApp({ ...good, userinfo_signed_response_alg: 'RS256' })
  const told = async () => {
    const headers = { authorization: `Bearer ${tokens.access_token}` }
    return (await world.app.inject({ url: '/oauth/userinfo', headers })).headers['content-type']
  }
  assert.equal(await told(), 'application/jwt')
  world.pass(5 * MINUTE)
  state.answer = { status: 404, headers: {}, body: '' }
  const before = asked.length
  assert.equal(await told(), 'application/jwt')
  assert.equal(asked.length, before)
})

test('SSRF: of the private networks that a site has named none is open to a stranger who names a document there', async () => {
  const outbound = createOutbound({
    allowLoopback: false,
    allowsPrivate: () => true,
    resolve: (_, __, done) => done(null, [{ address: '10.20.0.1', family: 4 }]),
  })
  const world = await createWorld({ documents, outbound })
  for (const [address, text] of [
    [id, /is at an address that may not be asked/],
    ['https://10.20.0.1/client.json', /may not be asked for/],
  ] as const) {
    const { reply } = await new Browser(world, users.patient).open({
      client_id: address,
      redirect_uri: redirect,
    })
    assert.equal(reply.status, 400)
    assert.match(reply.body, text)
  }
  await outbound.close()
})
