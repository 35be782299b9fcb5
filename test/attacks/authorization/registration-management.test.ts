/** Attempts on registrations: other people's tokens, more rights by a change, more uses of a token. REG-03, REG-05; RFC 7591 §3, RFC 7592 §2. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InitialTokenTerms } from '../../../src/authorization/registration/registry.ts'
import { ask, Browser, basic } from './visit.ts'
import { createWorld, DAY, sha256, users, verifier, type World } from './world.ts'

const redirect = 'https://new.example/cb'
const good = {
  client_name: 'New',
  redirect_uris: [redirect],
  scope: 'openid offline_access launch/patient patient/*.rs',
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Record<string, unknown>
}

async function send(
  world: World,
  method: string,
  url: string,
  token?: string,
  body?: unknown,
): Promise<Answer> {
  const reply = await world.app.inject({
    method,
    url: url.replace('http://localhost:8080', ''),
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  } as Parameters<typeof world.app.inject>[0])
  return {
    status: reply.status,
    headers: reply.headers,
    body: reply.body === '' ? {} : JSON.parse(reply.body),
  }
}

async function registered(world: World, metadata: object = good, token?: string) {
  const { status, body } = await send(world, 'POST', '/oauth/register', token, metadata)
  assert.equal(status, 201, JSON.stringify(body))
  return {
    id: String(body.client_id),
    uri: String(body.registration_client_uri),
    token: String(body.registration_access_token),
    secret: String(body.client_secret),
    body,
  }
}

/** What an app sends to change itself: all it was told, without what the server sets. */
function asSent(body: Record<string, unknown>, changes: object = {}) {
  const {
    client_id_issued_at,
    client_secret_expires_at,
    registration_access_token,
    registration_client_uri,
    ...rest
  } = body
  return { ...rest, ...changes }
}

async function connect(world: World, id: string, secret: string) {
  const consent = await new Browser(world, users.patient).open({
    client_id: id,
    redirect_uri: redirect,
    scope: 'openid offline_access launch/patient patient/Observation.rs',
    code_challenge: sha256(verifier),
  })
  const { code } = await consent.allow()
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirect, code_verifier: verifier }
  return (await ask(world, form, basic(id, secret))).body
}

const terms: InitialTokenTerms = {
  name: 'partner',
  scope: 'openid offline_access launch patient/*.rs',
  backend: false,
  uses: 1,
  lifetime: DAY,
}

function initialToken(world: World, more: Partial<InitialTokenTerms> = {}) {
  return world.authorization.registry.issueInitialToken({ ...terms, ...more }, { user: 'u-admin' })
}

test('RFC 7592 §2.1, REG-05: an app reads its own registration, and no secret is told a second time', async () => {
  const world = await createWorld({ openRegistration: true })
  const app = await registered(world)
  const { status, body, headers } = await send(world, 'GET', app.uri, app.token)
  assert.equal(status, 200)
  assert.equal(headers['cache-control'], 'no-store')
  assert.equal(body.client_id, app.id)
  assert.equal(body.registration_access_token, app.token)
  assert.equal(body.client_name, 'New')
  assert.equal('client_secret' in body, false)
})

test('RFC 7592 §2: the registration of one app is closed to everybody else, alike for apps that are there and not', async () => {
  const world = await createWorld({ openRegistration: true })
  const [app, other] = [await registered(world), await registered(world)]
  const before = await world.clients.find(app.id)
  for (const token of [undefined, other.token, app.secret, `${app.token}x`, sha256(app.token), '', 'null']) {
    for (const uri of [app.uri, '/oauth/register/app_nobody', '/oauth/register/public-app']) {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const { status, body, headers } = await send(
          world,
          method,
          uri,
          token,
          method === 'PUT' ? good : undefined,
        )
        assert.equal(status, 401)
        assert.equal(body.error, 'invalid_token')
        assert.match(headers['www-authenticate'] ?? '', /^Bearer /)
      }
    }
  }
  assert.deepEqual(await world.clients.find(app.id), before)
})

test('RFC 7592 §2: a registration token is of no use anywhere else, and is kept as a hash', async () => {
  const world = await createWorld({ openRegistration: true })
  const app = await registered(world)
  assert.equal((await world.authorization.verifyAccessToken(app.token)) === undefined, true)
  const again = await send(world, 'POST', '/oauth/register', app.token, good)
  assert.equal(again.status, 401)
  const stored = JSON.stringify(await world.registrations.find(app.id))
  assert.equal(stored.includes(app.token) || stored.includes(app.secret), false)
  assert.equal(stored.includes(sha256(app.token)), true)
})

test('RFC 7592 §2.2: a change replaces everything; what is left out is gone', async () => {
  const world = await createWorld({ openRegistration: true })
  const app = await registered(world, { ...good, contacts: ['dev@new.example'], software_id: 'new' })
  const sent = asSent(app.body, { client_name: 'Newer', contacts: undefined, software_id: null })
  const { status, body } = await send(world, 'PUT', app.uri, app.token, sent)
  assert.equal(status, 200)
  assert.equal(body.client_name, 'Newer')
  assert.equal('contacts' in body || 'software_id' in body, false)
  const client = await world.clients.find(app.id)
  assert.equal(client?.name, 'Newer')
  assert.equal(client?.contacts, undefined)
  assert.equal((await connect(world, app.id, app.secret)).patient, 'amara')
})

test('RFC 7592 §2.2: a change that is not acceptable changes nothing', async () => {
  const world = await createWorld({ openRegistration: true })
  const app = await registered(world)
  const other = await registered(world)
  const before = await world.registrations.find(app.id)
  for (const changes of [
    { client_id: other.id },
    { client_id: undefined },
    { client_secret: 'a-secret-of-my-own-choice' },
    { client_secret: other.secret },
    { client_secret: 7 },
    { registration_access_token: app.token },
    { registration_client_uri: app.uri },
    { client_id_issued_at: 1 },
    { client_secret_expires_at: 0 },
    { redirect_uris: ['javascript:alert(1)'] },
    { redirect_uris: [] },
    { client_name: 'Safe\u202eelbatsurt' },
    { logo_uri: 'data:text/html,x' },
    { scope: 'nonsense' },
    { token_endpoint_auth_method: 'private_key_jwt' },
    { jwks: { keys: [{ kty: 'oct', kid: 'k', k: 'AAAA' }] } },
    { grant_types: ['client_credentials'] },
  ]) {
    const { status, body } = await send(world, 'PUT', app.uri, app.token, asSent(app.body, changes))
    assert.equal(status, 400, JSON.stringify(changes))
    assert.match(String(body.error), /^invalid_(client_metadata|redirect_uri)$/)
  }
  assert.deepEqual(await world.registrations.find(app.id), before)
})

test('nobody gives themselves rights of the house by a change: flags, states and hashes are no metadata', async () => {
  const world = await createWorld({ openRegistration: true })
  const app = await registered(world)
  const sent = asSent(app.body, {
    preApproved: true,
    approval: null,
    disabled: false,
    secrets: [],
    secretHash: 'x',
    registration_status: 'approved',
    id: 'public-app',
    tokenHash: 'x',
    origin: 'administrator',
  })
  assert.equal((await send(world, 'PUT', app.uri, app.token, sent)).status, 200)
  const { client, registration } = (await world.registrations.find(app.id)) ?? assert.fail()
  assert.equal(client.preApproved, undefined)
  assert.equal(client.secrets?.length, 1)
  assert.equal(registration.origin, 'open')
})

test('RFC 7592 §2.3: an app that removes itself leaves nothing that works', async () => {
  const world = await createWorld({ openRegistration: true })
  const app = await registered(world)
  const tokens = await connect(world, app.id, app.secret)
  assert.ok(await world.authorization.verifyAccessToken(String(tokens.access_token)))
  assert.equal((await send(world, 'DELETE', app.uri, app.token)).status, 204)
  assert.equal(await world.authorization.verifyAccessToken(String(tokens.access_token)), undefined)
  const form = { grant_type: 'refresh_token', refresh_token: String(tokens.refresh_token) }
  assert.equal((await ask(world, form, basic(app.id, app.secret))).status, 401)
  assert.equal((await send(world, 'GET', app.uri, app.token)).status, 401)
  assert.equal((await send(world, 'DELETE', app.uri, app.token)).status, 401)
  assert.equal(world.events.filter((event) => event.kind === 'administration').length, 1)
})

test('outside the sandbox an app that nobody vouches for waits, and can get nothing', async () => {
  const world = await createWorld()
  const app = await registered(world)
  assert.equal(app.body.registration_status, 'waiting')
  const page = await world.app.inject({
    url: `/oauth/authorize?${new URLSearchParams({ client_id: app.id, redirect_uri: redirect, response_type: 'code' })}`,
  })
  assert.equal(page.status, 400)
  assert.equal(page.headers.location, undefined)
  const form = {
    grant_type: 'authorization_code',
    code: 'x',
    redirect_uri: redirect,
    code_verifier: verifier,
  }
  assert.equal((await ask(world, form, basic(app.id, app.secret))).body.error, 'invalid_client')
  assert.equal(await world.authorization.allowsOrigin('https://new.example'), false)
  const state = await send(world, 'GET', app.uri, app.token)
  assert.deepEqual(state.body.registration_waits_for, ['approval'])

  await world.authorization.registry.act(app.id, 'approve', { user: 'u-admin' })
  assert.equal((await send(world, 'GET', app.uri, app.token)).body.registration_status, 'approved')
  assert.equal((await connect(world, app.id, app.secret)).patient, 'amara')
})

const escalations: readonly (readonly [string, object])[] = [
  ['another redirect URI', { redirect_uris: [redirect, 'https://evil.example/cb'] }],
  ['more scopes', { scope: `${good.scope} user/*.cruds` }],
  ['more letters', { scope: 'openid offline_access launch/patient patient/*.cruds' }],
  [
    'administration',
    { grant_types: ['authorization_code', 'client_credentials'], scope: `${good.scope} chartkey.admin` },
  ],
  [
    'the launch API',
    { grant_types: ['authorization_code', 'client_credentials'], scope: `${good.scope} ehr.launch` },
  ],
  ['no authentication', { token_endpoint_auth_method: 'none' }],
  ['another name', { client_name: 'Hospital portal' }],
  ['another logo', { logo_uri: 'https://evil.example/logo.png' }],
  ['another launch address', { initiate_login_uri: 'https://evil.example/launch' }],
  ['another privacy policy', { policy_uri: 'https://evil.example/policy' }],
  ['another address after a logout', { post_logout_redirect_uris: ['https://evil.example/out'] }],
  ['another way to tokens', { grant_types: ['authorization_code', 'client_credentials'] }],
]
for (const [what, changes] of escalations) {
  test(`outside the sandbox an approved app that gives itself ${what} waits again, and what it held stops`, async () => {
    const world = await createWorld()
    const app = await registered(world)
    await world.authorization.registry.act(app.id, 'approve', { user: 'u-admin' })
    const trust = { preApproved: true, resourceServer: true }
    await world.authorization.registry.setTrusts(app.id, trust, { user: 'u-admin' })
    const tokens = await connect(world, app.id, app.secret)
    const { status, body } = await send(world, 'PUT', app.uri, app.token, asSent(app.body, changes))
    assert.equal(status, 200, JSON.stringify(body))
    assert.equal(body.registration_status, 'waiting')
    const client = await world.clients.find(app.id)
    assert.deepEqual([client?.preApproved, client?.resourceServer], [undefined, undefined])
    assert.equal(await world.authorization.verifyAccessToken(String(tokens.access_token)), undefined)
  })
}

test('a change for the less needs nobody’s word, and one that takes itself back does not bring approval back', async () => {
  const world = await createWorld()
  const app = await registered(world)
  await world.authorization.registry.act(app.id, 'approve', { user: 'u-admin' })
  const less = asSent(app.body, { scope: 'openid launch/patient patient/Observation.rs' })
  assert.equal((await send(world, 'PUT', app.uri, app.token, less)).body.registration_status, 'approved')
  const more = asSent(app.body, { scope: 'openid user/*.cruds' })
  assert.equal((await send(world, 'PUT', app.uri, app.token, more)).body.registration_status, 'waiting')
  assert.equal((await send(world, 'PUT', app.uri, app.token, less)).status, 403)
  const { body } = await send(world, 'GET', app.uri, app.token)
  assert.deepEqual([body.registration_status, body.scope], ['waiting', 'openid user/*.cruds'])
})

for (const act of ['refuse', 'disable'] as const) {
  test(`RFC 7592 §2.2: an app that an administrator has ${act}d cannot change itself back`, async () => {
    const world = await createWorld()
    const app = await registered(world)
    if (act === 'disable') await world.authorization.registry.act(app.id, 'approve', {})
    assert.ok(await world.authorization.registry.act(app.id, act, {}))
    const { status, body } = await send(world, 'PUT', app.uri, app.token, asSent(app.body))
    assert.equal(status, 403)
    assert.equal(body.error, 'access_denied')
    assert.equal((await world.clients.find(app.id))?.disabled, true)
  })
}

test('in the sandbox too nobody registers an app with rights on this server: it waits', async () => {
  const world = await createWorld({ openRegistration: true })
  for (const scope of ['chartkey.admin', 'ehr.launch', 'system/*.rs chartkey.admin']) {
    const app = await registered(world, {
      client_name: 'Console',
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: 'https://new.example/jwks.json',
      scope,
    })
    assert.equal(app.body.registration_status, 'waiting')
    assert.deepEqual(app.body.registration_waits_for, ['house'])
  }
})

test('RFC 7591 §3: an initial access token lets in what its terms allow, once, for its time', async () => {
  const world = await createWorld()
  const { token, secret } = await initialToken(world)
  const app = await registered(world, good, secret)
  assert.equal(app.body.registration_status, 'approved')
  assert.equal((await world.registrations.find(app.id))?.registration.initialToken, token.id)
  assert.equal((await send(world, 'POST', '/oauth/register', secret, good)).status, 401)

  const late = await initialToken(world)
  world.pass(DAY)
  assert.equal((await send(world, 'POST', '/oauth/register', late.secret, good)).status, 401)
  const revoked = await initialToken(world)
  assert.equal(await world.authorization.registry.revokeInitialToken(revoked.token.id, {}), true)
  assert.equal((await send(world, 'POST', '/oauth/register', revoked.secret, good)).status, 401)
  const stored = JSON.stringify(await world.registrations.listInitialTokens())
  assert.equal(stored.includes(secret), false)
})

test('an initial access token that many use at once lets in as many as it has uses', async () => {
  const world = await createWorld({ clients: [] })
  const { secret } = await initialToken(world, { uses: 3 })
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => send(world, 'POST', '/oauth/register', secret, good)),
  )
  assert.equal(answers.filter(({ status }) => status === 201).length, 3)
  assert.equal(answers.filter(({ status }) => status === 401).length, 7)
  assert.equal((await world.clients.list()).length, 3)
})

test('what goes beyond an initial access token waits for an administrator', async () => {
  const world = await createWorld()
  const keys = { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://new.example/jwks.json' }
  for (const [metadata, reason] of [
    [{ ...good, scope: `${good.scope} user/*.rs` }, 'scope'],
    [{ ...good, scope: 'patient/*.cruds' }, 'scope'],
    [{ client_name: 'B', grant_types: ['client_credentials'], scope: 'system/*.rs', ...keys }, 'backend'],
    [{ client_name: 'B', grant_types: ['client_credentials'], scope: 'chartkey.admin', ...keys }, 'house'],
  ] as const) {
    const { secret } = await initialToken(world)
    const app = await registered(world, metadata, secret)
    assert.equal(app.body.registration_status, 'waiting')
    assert.ok((app.body.registration_waits_for as string[]).includes(reason))
  }
})

test('a bad initial access token is refused even where registration is open, and a bad form of one too', async () => {
  for (const openRegistration of [true, false]) {
    const world = await createWorld({ openRegistration, clients: [] })
    for (const authorization of ['Bearer nonsense', 'Bearer', 'Basic YTpi', 'Bearer a b']) {
      const reply = await world.app.inject({
        method: 'POST',
        url: '/oauth/register',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify(good),
      })
      assert.equal(reply.status, 401)
    }
    assert.deepEqual(await world.clients.list(), [])
  }
})

test('where registration needs a token there is no other way in', async () => {
  const world = await createWorld({ registration: { keepsWaiting: false }, clients: [] })
  const { status, headers } = await send(world, 'POST', '/oauth/register', undefined, good)
  assert.equal(status, 401)
  assert.equal(headers['www-authenticate'], 'Bearer realm="registration"')
  assert.deepEqual(await world.clients.list(), [])
})

test('strangers cannot fill the store with apps that wait', async () => {
  const world = await createWorld({ registration: { mostWaiting: 3 }, clients: [] })
  for (let count = 0; count < 3; count++) await registered(world)
  const { status, body } = await send(world, 'POST', '/oauth/register', undefined, good)
  assert.equal(status, 503)
  assert.equal(body.error, 'temporarily_unavailable')
  const { secret } = await initialToken(world, { scope: 'openid' })
  await registered(world, good, secret)
})
