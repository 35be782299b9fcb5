/** Apps of SMART 1.0 come without PKCE where an administrator says so, and PKCE cannot be talked away from anybody. D.2, AMB-57, EM-02; RFC 9700 §4.8. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from '../../../src/authorization/client.ts'
import { ask, Browser, basic, type Pairs } from './visit.ts'
import {
  callback,
  challenge,
  confidentialApp,
  createWorld,
  publicApp,
  secret,
  users,
  verifier,
  type World,
} from './world.ts'

const oldApp: Client = { ...confidentialApp, id: 'old-app', smart1: true }
const oldPublicApp: Client = { ...publicApp, id: 'old-public-app', smart1: true }
const clients = [publicApp, confidentialApp, oldApp, oldPublicApp]

async function codeOf(world: World, client: Client, changes: Record<string, string | undefined>) {
  const page = await new Browser(world, users.patient).open({
    client_id: client.id,
    scope: 'openid',
    ...changes,
  })
  return page.reply.status === 200 ? (await page.allow()).code : page.answer.get('error')
}

function exchange(world: World, code: string, client: Client, more: Pairs = []) {
  const form: Pairs = [
    ['grant_type', 'authorization_code'],
    ['code', code],
    ['redirect_uri', callback],
    ...more,
  ]
  return ask(world, form, basic(client.id, secret))
}

const without = { code_challenge: undefined, code_challenge_method: undefined }

test('D.2: a confidential app of SMART 1.0 exchanges a code without PKCE', async () => {
  const world = await createWorld({ clients })
  const code = await codeOf(world, oldApp, without)
  assert.equal((await exchange(world, code ?? '', oldApp)).status, 200)
})

test('AUTHZ-17: nobody else may: not a public app, not one that the administrator did not name', async () => {
  const world = await createWorld({ clients })
  assert.equal(await codeOf(world, oldPublicApp, without), 'invalid_request')
  assert.equal(await codeOf(world, confidentialApp, without), 'invalid_request')
  assert.equal(await codeOf(world, publicApp, without), 'invalid_request')
})

test('RFC 9700 §4.8.2: a code without challenge takes no verifier', async () => {
  const world = await createWorld({ clients })
  const code = (await codeOf(world, oldApp, without)) ?? ''
  const { body } = await exchange(world, code, oldApp, [['code_verifier', verifier]])
  assert.equal(body.error, 'invalid_grant')
})

test('CODE-06: a code with challenge is worth nothing without its verifier, for an old app too', async () => {
  const world = await createWorld({ clients })
  const code = (await codeOf(world, oldApp, {})) ?? ''
  assert.equal((await exchange(world, code, oldApp)).body.error, 'invalid_request')
  const wrong = await exchange(world, code, oldApp, [['code_verifier', 'x'.repeat(43)]])
  assert.equal(wrong.body.error, 'invalid_grant')
  assert.equal((await exchange(world, code, oldApp, [['code_verifier', verifier]])).status, 200)
})

test('AUTHZ-19: half of PKCE is no PKCE, for an old app too', async () => {
  const world = await createWorld({ clients })
  for (const changes of [
    { code_challenge: undefined, code_challenge_method: 'S256' },
    { code_challenge: undefined, code_challenge_method: 'plain' },
    { code_challenge: challenge, code_challenge_method: undefined },
    { code_challenge: verifier, code_challenge_method: 'plain' },
    { code_challenge: 'short', code_challenge_method: 'S256' },
  ])
    assert.equal(await codeOf(world, oldApp, changes), 'invalid_request', JSON.stringify(changes))
})

test('D.2: what the administrator takes back no longer holds, also for a code that is on its way', async () => {
  const world = await createWorld({ clients })
  const code = (await codeOf(world, oldApp, without)) ?? ''
  await world.clients.change(oldApp.id, () => ({ ...oldApp, smart1: false }))
  assert.equal((await exchange(world, code, oldApp)).body.error, 'invalid_grant')
})

test('REG-05: nobody registers themselves as an app of SMART 1.0', async () => {
  const world = await createWorld({ openRegistration: true })
  const body = JSON.stringify({
    client_name: 'Old',
    redirect_uris: [callback],
    smart1: true,
    scope: 'openid',
  })
  const headers = { 'content-type': 'application/json' }
  const { client_id } = JSON.parse(
    (await world.app.inject({ method: 'POST', url: '/oauth/register', body, headers })).body,
  )
  assert.equal((await world.clients.find(client_id))?.smart1, undefined)
})
