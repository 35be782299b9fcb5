/** An app that becomes another between the administrator's reading and their decision: what waits does not change. RFC 7592 §2.2; ADR 0022. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everyRecord } from '../../../src/authorization/registration/approval.ts'
import type { DocumentRules } from '../../../src/authorization/registration/document-clients.ts'
import { parseMetadata } from '../../../src/authorization/registration/parse-metadata.ts'
import { ChangedMeanwhile, versionOf } from '../../../src/authorization/registration/version.ts'
import type { OutboundResult } from '../../../src/http/outbound.ts'
import { openAdminWorld } from './admin-world.ts'
import { administration, harmless, jwks_uri, redirect, registered } from './waiting.ts'
import { baseUrl, createWorld, DAY, MINUTE, sha256, users, verifier, type World } from './world.ts'

const others: readonly (readonly [string, object])[] = [
  ['rights on the server', administration],
  ['another name and address', { ...harmless, client_name: 'Portal', redirect_uris: [`${redirect}/2`] }],
  ['keys', { ...harmless, token_endpoint_auth_method: 'private_key_jwt', jwks_uri }],
  ['a contact', { ...harmless, contacts: ['dev@charts.example'] }],
  ['less', { ...harmless, scope: 'openid' }],
  ['nothing else', harmless],
]
const admin = { user: 'u-admin' }

for (const [what, sent] of others)
  test(`RFC 7592 §2.2: an app that waits cannot come to have ${what}: it is refused, and what was read is what is approved`, async () => {
    const world = await createWorld()
    const { id, own, put } = await registered(world)
    const read = await world.registrations.find(id)
    const { status, body } = await put(sent)
    assert.deepEqual([status, body.error], [403, 'access_denied'])
    assert.match(String(body.error_description), /waits for an administrator.*removed/)
    assert.deepEqual(await world.registrations.find(id), read)
    const approved = await world.authorization.registry.act(id, 'approve', admin)
    assert.equal(approved?.client.scope, harmless.scope)
    const now = await own('GET')
    assert.deepEqual(
      [now.body.registration_status, now.body.client_name, now.body.redirect_uris, now.body.grant_types],
      ['approved', 'Growth charts', [redirect], ['authorization_code', 'refresh_token']],
    )
  })

test('in the sandbox too an app that waits does not change, and cannot take back why it waits', async () => {
  const world = await createWorld({ openRegistration: true })
  const { id, own, put } = await registered(world, { ...harmless, scope: `${harmless.scope} ehr.launch` })
  for (const sent of [administration, harmless]) assert.equal((await put(sent)).status, 403)
  assert.equal((await own('GET')).body.registration_status, 'waiting')
  assert.equal((await world.clients.find(id))?.scope, `${harmless.scope} ehr.launch`)
})

test('RFC 7592 §2.1, §2.3: an app that waits is still read and removed by itself', async () => {
  const world = await createWorld()
  const { id, own } = await registered(world)
  const read = await own('GET')
  assert.deepEqual([read.status, read.body.registration_waits_for], [200, ['approval']])
  assert.equal((await own('DELETE')).status, 204)
  assert.equal(await world.registrations.find(id), undefined)
})

test('RFC 7592 §2.2: an approved app that becomes another does so once: it waits for the reasons of that change, unchanged from then on', async () => {
  const world = await createWorld()
  const { id, own, put } = await registered(world)
  await world.authorization.registry.act(id, 'approve', admin)
  const first = await put({ ...harmless, client_name: 'Growth charts 2' })
  assert.deepEqual([first.status, first.body.registration_waits_for], [200, ['changed']])
  assert.equal((await put(administration)).status, 403)
  const { body } = await own('GET')
  assert.deepEqual([body.client_name, body.registration_waits_for], ['Growth charts 2', ['changed']])
  await world.authorization.registry.act(id, 'approve', admin)
  const next = await put(administration)
  assert.deepEqual(
    [next.status, next.body.registration_waits_for],
    [200, ['changed', 'scope', 'backend', 'house']],
  )
})

test('of two changes that come at once, one waits and the other is refused', async () => {
  const world = await createWorld()
  const { id, put } = await registered(world)
  await world.authorization.registry.act(id, 'approve', admin)
  const answers = await Promise.all([
    put({ ...harmless, client_name: 'Growth charts 2' }),
    put(administration),
    put({ ...harmless, redirect_uris: ['https://evil.example/cb'] }),
  ])
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 403, 403])
  const told = answers.find(({ status }) => status === 200)?.body
  const { client } = (await world.registrations.find(id)) ?? assert.fail()
  assert.deepEqual(
    [client.name, client.redirectUris, client.scope],
    [told?.client_name, told?.redirect_uris, told?.scope],
  )
})

test('a change that was on its way when another made the app wait is decided by what is stored', async () => {
  const world = await createWorld()
  const { id, put } = await registered(world)
  await world.authorization.registry.act(id, 'approve', admin)
  const { change } = world.registrations
  world.registrations.change = async (...asked) => {
    world.registrations.change = change
    assert.equal((await put({ ...harmless, client_name: 'Growth charts 2' })).status, 200)
    return change(...asked)
  }
  assert.equal((await put(administration)).status, 403)
  const { client, registration } = (await world.registrations.find(id)) ?? assert.fail()
  assert.deepEqual(
    [client.name, client.scope, registration.waitsFor],
    ['Growth charts 2', harmless.scope, ['changed']],
  )
})

test('an administrator edits an app that waits, and it waits on', async () => {
  const world = await createWorld()
  const { id, own } = await registered(world)
  const { client } = (await world.registrations.find(id)) ?? assert.fail()
  const metadata = { ...harmless, client_name: 'Charts', grant_types: [...client.grantTypes] }
  assert.ok(await world.authorization.registry.edit(id, parseMetadata(metadata), admin))
  const { body } = await own('GET')
  assert.deepEqual([body.client_name, body.registration_status], ['Charts', 'waiting'])
})

test('what is approved on the page is what the page showed, whatever the app sends between reading and click', async () => {
  const world = await openAdminWorld()
  const { id, put } = await registered(world)
  const browser = await world.signIn('admin')
  const page = `/admin/apps/${id}`
  assert.match((await browser.get(page)).body, /charts\.example\/cb/)
  assert.equal((await put(administration)).status, 403)
  assert.equal((await browser.send(page, page, { act: 'approve' })).status, 303)
  const client = await world.stores.clients.find(id)
  assert.deepEqual(
    [client?.approval, client?.scope, client?.grantTypes],
    [undefined, harmless.scope, ['authorization_code', 'refresh_token']],
  )
})

test('trust that was meant for what was approved is not given to what waits', async () => {
  const world = await openAdminWorld()
  const token = await world.tokenOf('console', 'chartkey.admin')
  const { id, put } = await registered(world)
  const path = `/apps/${id}`
  assert.equal((await world.call('POST', `${path}/approve`, token)).status, 200)
  const browser = await world.signIn('admin')
  const page = `/admin${path}`
  assert.match((await browser.get(page)).body, /value="pre-approval"/)
  assert.equal((await put({ ...harmless, client_name: 'Portal' })).status, 200)
  assert.equal((await browser.send(page, page, { act: 'pre-approval' })).status, 409)
  assert.doesNotMatch((await browser.get(page)).body, /value="pre-approval"/)
  const reply = await world.call('PUT', `${path}/trust`, token, { pre_approved: true })
  assert.equal(reply.status, 409)
  assert.match(String(reply.body.error_description), /once it is approved/)
  assert.equal((await world.stores.clients.find(id))?.preApproved, undefined)
  assert.equal((await world.call('POST', `${path}/approve`, token)).body.pre_approved, false)
})

const documentId = 'https://apps.example/client.json'
const document = {
  client_id: documentId,
  client_name: 'Growth Charts',
  redirect_uris: ['https://apps.example/cb'],
  scope: 'openid launch/patient patient/Observation.rs',
}
const closed: DocumentRules = { trust: [], trustedScope: '' }

function played() {
  const asked: string[] = []
  const server = {
    asked,
    said: document as object,
    meanwhile: async () => {},
    isAway: false,
    outbound: {
      async get(url: string): Promise<OutboundResult> {
        asked.push(url)
        const body = JSON.stringify(server.said)
        await server.meanwhile()
        if (server.isAway) return { refused: 'unreachable', detail: '' }
        const headers = { 'content-type': 'application/json', 'cache-control': 'max-age=60' }
        return { status: 200, headers, body }
      },
    },
  }
  return server
}

async function uses(world: World): Promise<number> {
  const query = new URLSearchParams({
    client_id: documentId,
    redirect_uri: 'https://apps.example/cb',
    response_type: 'code',
    scope: document.scope,
    aud: `${baseUrl}/fhir`,
    state: 'state-of-the-app-at-the-start',
    code_challenge: sha256(verifier),
    code_challenge_method: 'S256',
  })
  const cookies = { session: users.patient.sessionId }
  return (await world.app.inject({ url: `/oauth/authorize?${query}`, cookies })).status
}

const otherDocuments: readonly (readonly [string, object])[] = [
  ['another name', { client_name: 'Hospital portal' }],
  ['another redirect URI', { redirect_uris: [...document.redirect_uris, 'https://apps.example/2'] }],
  ['more scopes', { scope: `${document.scope} user/*.cruds` }],
  ['other keys', { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://apps.example/k' }],
]
for (const [what, changes] of otherDocuments)
  test(`a document that comes to have ${what} while its app waits: what was read is what is approved, and the rest waits again`, async () => {
    const server = played()
    const world = await createWorld({ documents: closed, outbound: server.outbound })
    assert.equal(await uses(world), 400)
    const read = await world.registrations.find(documentId)
    server.said = { ...document, ...changes }
    world.pass(2 * MINUTE)
    assert.equal(await uses(world), 400)
    assert.deepEqual(await world.registrations.find(documentId), read)
    const approved = await world.authorization.registry.act(documentId, 'approve', admin)
    const { disabled: _, approval: __, ...shown } = read?.client ?? assert.fail()
    assert.deepEqual(approved?.client, shown)
    const isOther = what !== 'other keys'
    assert.equal(await uses(world), isOther ? 400 : 303)
    const { client, registration } = (await world.registrations.find(documentId)) ?? assert.fail()
    assert.equal(client.approval, isOther ? 'waiting' : undefined)
    if (isOther) assert.equal(registration.waitsFor?.[0], 'changed')
  })

test('a document that takes back why it waits waits all the same, and nobody is asked for it', async () => {
  const server = played()
  const trusting: DocumentRules = { trust: ['apps.example'], trustedScope: 'openid patient/*.rs' }
  server.said = { ...document, scope: 'openid user/*.cruds' }
  const world = await createWorld({ documents: trusting, outbound: server.outbound })
  assert.equal(await uses(world), 400)
  assert.deepEqual((await world.registrations.find(documentId))?.registration.waitsFor, ['scope'])
  server.said = document
  world.pass(DAY)
  assert.equal(await uses(world), 400)
  assert.deepEqual(server.asked, [documentId])
  assert.equal((await world.clients.find(documentId))?.scope, 'openid user/*.cruds')
})

test('a document that is refused, and approved after all, is what stood on record', async () => {
  const server = played()
  const world = await createWorld({ documents: closed, outbound: server.outbound })
  await uses(world)
  await world.authorization.registry.act(documentId, 'refuse', admin)
  server.said = { ...document, client_name: 'Hospital portal' }
  world.pass(DAY)
  await uses(world)
  const approved = await world.authorization.registry.act(documentId, 'approve', admin)
  assert.equal(approved?.client.name, 'Growth Charts')
  assert.equal(await uses(world), 400)
  assert.equal((await world.clients.find(documentId))?.approval, 'waiting')
})

test('a document that was fetched while another fetch made its app wait is not put in its place', async () => {
  const server = played()
  const world = await createWorld({ documents: closed, outbound: server.outbound })
  await uses(world)
  await world.authorization.registry.act(documentId, 'approve', admin)
  world.pass(2 * MINUTE)
  const other = await world.restart({ documents: closed, outbound: { ...server.outbound } })
  server.meanwhile = async () => {
    server.meanwhile = async () => {}
    server.said = { ...document, client_name: 'Growth Charts 2' }
    assert.equal(await uses({ ...world, ...other }), 400)
    assert.equal((await world.clients.find(documentId))?.name, 'Growth Charts 2')
  }
  server.said = { ...document, client_name: 'Hospital portal' }
  assert.equal(await uses(world), 400)
  const { client, registration } = (await world.registrations.find(documentId)) ?? assert.fail()
  assert.deepEqual([client.name, registration.waitsFor], ['Growth Charts 2', ['changed']])
})

test('an approval that was sent for what a document said is not one of what it says by then', async () => {
  const server = played()
  const world = await createWorld({ documents: closed, outbound: server.outbound })
  const { registry } = world.authorization
  await uses(world)
  const seen = versionOf((await registry.find(documentId)) ?? assert.fail())
  assert.ok(await registry.act(documentId, 'approve', admin, seen))
  server.said = { ...document, client_name: 'Hospital portal' }
  world.pass(2 * MINUTE)
  assert.equal(await uses(world), 400)
  const stored = await registry.find(documentId)
  await assert.rejects(registry.act(documentId, 'approve', admin, seen), ChangedMeanwhile)
  assert.deepEqual(await registry.find(documentId), stored)
  await registry.remove(documentId, admin)
  assert.equal(await uses(world), 400)
  await assert.rejects(
    registry.act(documentId, 'approve', admin, versionOf(stored ?? assert.fail())),
    ChangedMeanwhile,
  )
})

test('an administrator’s no stands, also when it came while the server of the document was away', async () => {
  const server = played()
  const open: DocumentRules = { ...closed, open: everyRecord }
  const world = await createWorld({ documents: open, outbound: server.outbound })
  assert.equal(await uses(world), 303)
  world.pass(2 * MINUTE)
  server.isAway = true
  server.meanwhile = async () => {
    server.meanwhile = async () => {}
    assert.ok(await world.authorization.registry.act(documentId, 'disable', admin))
  }
  assert.equal(await uses(world), 400)
})
