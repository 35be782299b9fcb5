/** What an app has to say of itself before it may ask for anything. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Browser } from '../../attacks/authorization/visit.ts'
import { callback, createWorld, publicApp, users, type World } from '../../attacks/authorization/world.ts'

const metadata = {
  client_name: 'Growth Charts',
  redirect_uris: ['https://growth.example/cb'],
  scope: 'openid patient/*.rs',
}

async function register(world: World, changes: object = {}) {
  const body = JSON.stringify({ ...metadata, ...changes })
  const reply = await world.app.inject({
    url: '/oauth/register',
    body,
    headers: { 'content-type': 'application/json' },
  })
  return { status: reply.status, told: JSON.parse(reply.body) as Record<string, unknown> }
}

test('REG-05, REG-06, SEED-67, SEED-69, SEED-70: dynamic registration confirms what was registered, with an id of its own', async () => {
  const world = await createWorld({ openRegistration: true })
  const [first, second] = [await register(world), await register(world)]
  assert.equal(first.status, 201)
  assert.notEqual(first.told.client_id, second.told.client_id)
  assert.equal(first.told.client_name, metadata.client_name)
  assert.deepEqual(first.told.redirect_uris, metadata.redirect_uris)
})

test('REG-07, RFC-01: an app whose addresses are not on record is not launched, and its users are not sent there', async () => {
  const world = await createWorld()
  for (const changes of [
    { client_id: 'unheard-of' },
    { redirect_uri: 'https://evil.example/cb' },
    { redirect_uri: undefined },
  ]) {
    const { reply } = await new Browser(world, users.patient).open(changes)
    assert.equal(reply.status, 400)
    assert.equal(reply.headers.location, undefined)
    assert.match(reply.headers['content-type'] ?? '', /^text\/html/)
  }
})

test('RFC-02, SEED-51: a redirect URI is the registered one, character by character', async () => {
  const world = await createWorld()
  for (const uri of [
    `${callback}/`,
    `${callback}?x=1`,
    `${callback}#x`,
    callback.toUpperCase(),
    callback.replace('https', 'HTTPS'),
    callback.replace('app.example', 'app.example:443'),
    callback.replace('/callback', '/./callback'),
    callback.replace('callback', '%63allback'),
    ` ${callback}`,
  ]) {
    const { reply } = await new Browser(world, users.patient).open({ redirect_uri: uri })
    assert.deepEqual([reply.status, reply.headers.location], [400, undefined], uri)
  }
  const { reply } = await new Browser(world, users.patient).open({ redirect_uri: callback })
  assert.equal(reply.status, 200)
})

test('REG-04, SEED-68: only an app that can keep a secret is given one', async () => {
  const world = await createWorld({ openRegistration: true })
  const secret = async (method: string) =>
    (await register(world, { token_endpoint_auth_method: method })).told.client_secret
  assert.equal(await secret('none'), undefined)
  for (const method of ['client_secret_basic', 'client_secret_post'])
    assert.match(String(await secret(method)), /^.{43,}$/)
  assert.ok(publicApp.redirectUris.length > 0)
})
