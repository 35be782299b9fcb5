/** Attempts to be a backend service twice with one assertion, in two ways at once, or with none. CAUTH-35, CAUTH-37, CAUTH-44, EM-14, AMB-09, AMB-12, AMB-13, RFC-10. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SignJWT } from 'jose'
import {
  askWith,
  assertInvalidClient,
  assertionOf,
  assertRefused,
  backendOf,
  goodClaims,
  jwtBearer,
  keyPair,
  tokenEndpoint,
  worldOf,
} from './backend.ts'
import { isGood } from './tokens.ts'
import { ask, Browser, basic } from './visit.ts'
import {
  baseUrl,
  callback,
  MINUTE,
  publicApp,
  SECOND,
  secret,
  sha256,
  users,
  verifier,
  type World,
} from './world.ts'

const malformed = [
  'x',
  '.',
  '..',
  '...',
  'a.b',
  'a.b.c',
  'a.b.c.d.e',
  '{}',
  'e30.e30.',
  'e30.W10.AA',
  'bnVsbA.bnVsbA.AA',
  ' ',
  '%00',
]
for (const text of malformed) {
  test(`RFC 7523: ${JSON.stringify(text)} is no JWT`, async () => {
    await assertRefused(await worldOf(), text, /one signed JWT|alg has to be/)
  })
}

test('an oversize assertion is refused before it is looked at, whoever signed it', async () => {
  const world = await worldOf()
  const pair = await keyPair('ES384')
  await assertRefused(world, await assertionOf(world, pair, { claims: { more: 'x'.repeat(9000) } }), /8 kB/)
  await assertRefused(world, 'e'.repeat(50_000), /8 kB/)
})

test('CAUTH-35: the type has to be the one of JWTs', async () => {
  const world = await worldOf()
  const assertion = await assertionOf(world, await keyPair('ES384'))
  for (const type of [
    '',
    'jwt-bearer',
    'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
    `${jwtBearer} `,
  ])
    await assertRefused(world, assertion, /client_assertion_type/, { client_assertion_type: type })
  await assertRefused(world, '', /client_assertion has/)
  assert.equal((await askWith(world, assertion)).status, 200)
})

test('CAUTH-37: an assertion works once, also after others and until it is long over', async () => {
  const world = await worldOf()
  const pair = await keyPair('ES384')
  const assertion = await assertionOf(world, pair)
  assert.equal((await askWith(world, assertion)).status, 200)
  for (const passed of [0, SECOND, 4 * MINUTE, 50 * SECOND]) {
    world.pass(passed)
    await world.authorization.sweep()
    const { body } = await askWith(world, assertion)
    assert.deepEqual(
      [body.error, body.error_description],
      ['invalid_client', 'The jti of client_assertion was used before.'],
    )
  }
  world.pass(5 * MINUTE)
  assert.match(String((await askWith(world, assertion)).body.error_description), /exp is over/)
})

test('CAUTH-37: a jti is used up by what was refused after it was proven, and by one of other contents too', async () => {
  const world = await worldOf()
  const pair = await keyPair('ES384')
  const assertion = await assertionOf(world, pair, { claims: { jti: 'same' } })
  assert.equal((await askWith(world, assertion, { scope: 'system/*.cruds' })).body.error, 'invalid_scope')
  assert.equal((await askWith(world, assertion)).body.error, 'invalid_client')
  const another = await assertionOf(world, await keyPair('RS384'), { claims: { jti: 'same' } })
  assert.equal((await askWith(world, another)).body.error, 'invalid_client')
})

test('CAUTH-37: nobody uses up the jti of another app', async () => {
  const theirs = await keyPair('ES384', 'other')
  const world = await worldOf({}, [await backendOf([theirs], { id: 'other' })])
  const claims = { jti: 'same' }
  const foreign = await assertionOf(world, theirs, { claims: { ...claims, iss: 'other', sub: 'other' } })
  assert.equal((await askWith(world, foreign)).status, 200)
  await assertForged(world, claims)
  assert.equal(
    (await askWith(world, await assertionOf(world, await keyPair('ES384'), { claims }))).status,
    200,
  )
})

async function assertForged(world: World, claims: { jti: string }): Promise<void> {
  const thief = await keyPair('ES384', 'thief')
  const { body } = await askWith(world, await assertionOf(world, { ...thief, kid: 'ES384' }, { claims }))
  assert.equal(body.error, 'invalid_client')
}

test('CAUTH-37: of a hundred that come at once with one assertion, one gets a token', async () => {
  const world = await worldOf()
  const assertion = await assertionOf(world, await keyPair('ES384'))
  const answers = await Promise.all(Array.from({ length: 100 }, () => askWith(world, assertion)))
  assert.equal(answers.filter(({ status }) => status === 200).length, 1)
  assert.equal(answers.filter(({ body }) => body.error === 'invalid_client').length, 99)
})

test('CAUTH-37: a whole request that somebody caught gives nothing a second time, and ends nothing either', async () => {
  const pair = await keyPair('ES384')
  const { scope, redirectUris, grantTypes } = publicApp
  const world = await worldOf({ scope, redirectUris, grantTypes })
  const page = await new Browser(world, users.patient).open({ client_id: 'backend' })
  const { code } = await page.allow()
  const sent = async (form: Record<string, string>) => ({
    ...form,
    client_assertion_type: jwtBearer,
    client_assertion: await assertionOf(world, pair),
  })
  const exchange = await sent({
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    code_verifier: verifier,
  })
  const first = (await ask(world, exchange)).body
  const refresh = await sent({ grant_type: 'refresh_token', refresh_token: first.refresh_token })
  const second = (await ask(world, refresh)).body
  for (const caught of [exchange, refresh, exchange])
    assert.equal((await ask(world, caught)).body.error, 'invalid_client')
  assert.ok(await isGood(world, second.access_token))
  assert.ok(!world.events.some(({ kind }) => kind === 'code-reuse' || kind === 'refresh-reuse'))
  // The app itself, with a new assertion, that sends a used token is two that have it.
  const again = await sent({ grant_type: 'refresh_token', refresh_token: first.refresh_token })
  assert.equal((await ask(world, again)).body.error, 'invalid_grant')
  assert.ok(!(await isGood(world, second.access_token)))
})

const now = (world: World) => Math.floor(world.now() / 1000)

test('AMB-12: five minutes to the second, and clocks a minute apart', async () => {
  const world = await worldOf()
  const pair = await keyPair('ES384')
  for (const ahead of [300, 359, 1, -59]) {
    const assertion = await assertionOf(world, pair, {
      claims: { exp: now(world) + ahead, iat: now(world) + 50 },
    })
    assert.equal((await askWith(world, assertion)).status, 200, String(ahead))
  }
})

test('CAUTH-32: the issuer is this server too, alone or as the only one of a list', async () => {
  const world = await worldOf()
  const pair = await keyPair('ES384')
  for (const aud of [baseUrl, [tokenEndpoint], [baseUrl]])
    assert.equal((await askWith(world, await assertionOf(world, pair, { claims: { aud } }))).status, 200)
})

test('AMB-09: client_id may come along when it is the same', async () => {
  const world = await worldOf()
  const pair = await keyPair('ES384')
  assert.equal((await askWith(world, await assertionOf(world, pair), { client_id: 'backend' })).status, 200)
  await assertInvalidClient(world, await assertionOf(world, pair), { client_id: 'other' })
})

test('RFC-10: two ways at once are none', async () => {
  const world = await worldOf({ secrets: [{ hash: sha256(secret), createdAt: 0 }] })
  const form = async () => ({
    grant_type: 'client_credentials',
    scope: 'system/Patient.rs',
    client_assertion_type: jwtBearer,
    client_assertion: await assertionOf(world, await keyPair('ES384')),
  })
  const both = await ask(world, await form(), basic('backend', secret))
  assert.deepEqual([both.status, both.body.error], [400, 'invalid_request'])
  const three = await ask(world, { ...(await form()), client_secret: secret })
  assert.deepEqual([three.status, three.body.error], [400, 'invalid_request'])
})

test('RFC 6749 §3.2: a repeated parameter is refused', async () => {
  const world = await worldOf()
  const assertion = await assertionOf(world, await keyPair('ES384'))
  for (const name of ['client_assertion', 'client_assertion_type', 'scope', 'grant_type']) {
    const form = {
      grant_type: 'client_credentials',
      scope: 'system/Patient.rs',
      client_assertion_type: jwtBearer,
      client_assertion: assertion,
    }
    const { status, body } = await ask(world, [
      ...Object.entries(form),
      [name, form[name as keyof typeof form]],
    ])
    assert.deepEqual([status, body.error], [400, 'invalid_request'])
    assert.match(String(body.error_description), new RegExp(name))
  }
})

test('CAUTH-02: an app registered for keys is not served by a secret, nor by its name alone', async () => {
  const world = await worldOf({ secrets: [{ hash: sha256(secret), createdAt: 0 }] })
  const form = { grant_type: 'client_credentials', scope: 'system/Patient.rs' }
  const header = await ask(world, form, basic('backend', secret))
  assert.deepEqual([header.status, header.body.error], [401, 'invalid_client'])
  const body = await ask(world, { ...form, client_id: 'backend', client_secret: secret })
  assert.deepEqual([body.status, body.body.error], [400, 'invalid_client'])
  const bare = await ask(world, { ...form, client_id: 'backend' })
  assert.deepEqual([bare.status, bare.body.error], [400, 'invalid_client'])
  const nobody = await ask(world, form)
  assert.deepEqual([nobody.status, nobody.body.error], [400, 'invalid_client'])
})

test('an app registered for a secret is not served by a key', async () => {
  const pair = await keyPair('ES384')
  for (const authMethod of ['client_secret_basic', 'client_secret_post', 'none'] as const) {
    const world = await worldOf({ authMethod })
    await assertRefused(world, await assertionOf(world, pair), /not signed/)
  }
})

test('a disabled app is refused as one that is not there', async () => {
  const world = await worldOf({ disabled: true })
  await assertRefused(world, await assertionOf(world, await keyPair('ES384')), /or there is no such app/)
})

test('what is refused is on record with its reason, without the assertion', async () => {
  const world = await worldOf()
  const thief = await keyPair('ES384', 'thief')
  const assertion = await assertionOf(world, { ...thief, kid: 'ES384' })
  await askWith(world, assertion)
  const told = world.events.find(({ kind }) => kind === 'token')
  assert.equal(told?.outcome, 'refused')
  assert.match(told?.reason ?? '', /^assertionKey/)
  assert.equal(JSON.stringify(world.events).includes(assertion.slice(-40)), false)
})

test('an access token, an ID token and one of our own keys are no assertions', async () => {
  const world = await worldOf({}, [publicApp])
  const pair = await keyPair('ES384')
  const { body } = await askWith(world, await assertionOf(world, pair))
  await assertInvalidClient(world, body.access_token, {})
  const [stored] = await world.keys.list()
  const { importPKCS8 } = await import('jose')
  const key = await importPKCS8(stored?.privateKey ?? '', stored?.alg ?? '')
  const own = await new SignJWT(goodClaims(world))
    .setProtectedHeader({ alg: stored?.alg ?? '', kid: stored?.kid ?? '' })
    .sign(key)
  await assertInvalidClient(world, own, {})
})
