/** Bound tokens at UserInfo, introspection, exchange and revocation. RFC 9449 §6.2, §7. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from '../../../src/authorization/client.ts'
import type { User } from '../../../src/authorization/ports.ts'
import { athOf, newKey, type ProofChanges, proofOf } from './proofs.ts'
import { ask, Browser, basic, claimsOf } from './visit.ts'
import {
  baseUrl,
  callback,
  confidentialApp,
  createWorld,
  secret,
  users,
  verifier,
  type World,
} from './world.ts'

const key = await newKey()
const other = await newKey()
const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange'
const app: Client = { ...confidentialApp, grantTypes: ['authorization_code', 'refresh_token', exchange] }
const by = basic(app.id, secret)

async function open() {
  const world = await createWorld({ clients: [app] })
  const { access_token } = await obtainBound(world, users.patient, 'openid fhirUser patient/*.rs')
  return { world, token: access_token }
}

/** What the app is given for its key. */
async function obtainBound(world: World, user: User, scope: string) {
  const page = await new Browser(world, user).open({ client_id: app.id, scope })
  const form = {
    grant_type: 'authorization_code',
    code: (await page.allow()).code,
    redirect_uri: callback,
    code_verifier: verifier,
  }
  return (await ask(world, form, { ...by, dpop: await proofOf(world, key) })).body
}

function userinfo(world: World, headers: Record<string, string>) {
  return world.app.inject({ url: '/oauth/userinfo', headers })
}

function proofFor(world: World, token: string, changes: ProofChanges = {}, signer = key): Promise<string> {
  const claims = { htm: 'GET', htu: `${baseUrl}/oauth/userinfo`, ath: athOf(token), ...changes.claims }
  return proofOf(world, signer, { ...changes, claims })
}

test('RFC 9449 §7, CTX-51: UserInfo takes a bound token with its proof, and as nothing else', async () => {
  const { world, token } = await open()
  const good = await userinfo(world, { authorization: `DPoP ${token}`, dpop: await proofFor(world, token) })
  assert.equal(JSON.parse(good.body).sub, users.patient.id)
  const asBearer = await userinfo(world, { authorization: `Bearer ${token}` })
  assert.equal(asBearer.status, 401)
  assert.match(asBearer.headers['www-authenticate'] ?? '', /^DPoP .*error="invalid_token"/)
  assert.match(JSON.parse(asBearer.body).error_description, /bound to a key: .*Authorization: DPoP/)
  const bare = await userinfo(world, { authorization: `DPoP ${token}` })
  assert.match(bare.headers['www-authenticate'] ?? '', /^DPoP .*error="invalid_dpop_proof"/)
  const stolen = await proofFor(world, token, {}, other)
  const withOther = await userinfo(world, { authorization: `DPoP ${token}`, dpop: stolen })
  assert.equal(withOther.status, 401)
  assert.match(JSON.parse(withOther.body).error_description, /another key/)
  const elsewhere = await proofFor(world, token, { claims: { ath: athOf('another') } })
  assert.equal((await userinfo(world, { authorization: `DPoP ${token}`, dpop: elsewhere })).status, 401)
})

test('RFC 9449 §6.2, INTR-03: introspection tells the key that a token is bound to', async () => {
  const { world, token } = await open()
  const reply = await world.app.inject({
    method: 'POST',
    url: '/oauth/introspect',
    form: { token },
    headers: by,
  })
  const answer = JSON.parse(reply.body)
  assert.deepEqual([answer.active, answer.token_type, answer.cnf], [true, 'DPoP', { jkt: key.jkt }])
})

test('RFC 8693 §2.1, §2.2.2: a bound token is exchanged by the holder of its key only, and the new one is bound too', async () => {
  const { world, token } = await open()
  const form = {
    grant_type: exchange,
    subject_token: token,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    scope: 'patient/Observation.rs',
  }
  assert.equal((await ask(world, form, by)).body.error, 'invalid_dpop_proof')
  const stolen = await ask(world, form, { ...by, dpop: await proofOf(world, other) })
  assert.deepEqual([stolen.status, stolen.body.error], [400, 'invalid_request'])
  assert.match(String(stolen.body.error_description), /subject_token/)
  const { body } = await ask(world, form, { ...by, dpop: await proofOf(world, key) })
  assert.deepEqual(claimsOf(body.access_token).cnf, { jkt: key.jkt })
})

test('RFC 9449 §7.2: a bound token with the scope __introspect is no bearer token here either', async () => {
  const archive: Client = { ...app, resourceServer: true, scope: `${app.scope} __introspect` }
  const world = await createWorld({ clients: [archive] })
  const { access_token: token, scope } = await obtainBound(world, users.doctor, 'openid __introspect')
  assert.match(scope, /__introspect/)
  const reply = await world.app.inject({
    method: 'POST',
    url: '/oauth/introspect',
    form: { token },
    headers: { authorization: `Bearer ${token}` },
  })
  assert.equal(reply.status, 401)
})

test('RFC 7009 §2: whoever holds a bound token may have it revoked', async () => {
  const { world, token } = await open()
  await world.app.inject({ method: 'POST', url: '/oauth/revoke', form: { token }, headers: by })
  assert.equal(await world.authorization.verifyBoundToken(token), undefined)
})
