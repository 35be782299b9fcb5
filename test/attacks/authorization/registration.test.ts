/** Attempts to register what must not be registered, and cross-origin reading. REG-02, REG-03; RFC 7591 §3.2.2; CORS-01 to CORS-07. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, Browser, basic } from './visit.ts'
import { createWorld, DAY, sha256, users, verifier, type World } from './world.ts'

const redirect = 'https://new.example/cb'
const good = { client_name: 'New', redirect_uris: [redirect], scope: 'openid launch/patient patient/*.rs' }

async function register(world: World, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const reply = await world.app.inject({
    method: 'POST',
    url: '/oauth/register',
    headers: { 'content-type': 'application/json', ...headers },
    body: text,
  })
  return { status: reply.status, body: JSON.parse(reply.body) as Record<string, unknown> }
}

test('REG-04, REG-05: an app registers, and its secret works', async () => {
  const world = await createWorld({ openRegistration: true })
  const { status, body } = await register(world, good)
  assert.equal(status, 201)
  assert.equal(body.token_endpoint_auth_method, 'client_secret_basic')
  const id = String(body.client_id)
  const consent = await new Browser(world, users.patient).open({
    client_id: id,
    redirect_uri: redirect,
    scope: 'openid patient/Observation.rs',
    code_challenge: sha256(verifier),
  })
  const { code } = await consent.allow()
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirect, code_verifier: verifier }
  const answer = await ask(world, form, basic(id, String(body.client_secret)))
  assert.equal(answer.body.patient, 'amara')
})

test('REG-09: a public app gets no secret', async () => {
  const world = await createWorld({ openRegistration: true })
  const { body } = await register(world, { ...good, token_endpoint_auth_method: 'none' })
  assert.equal('client_secret' in body, false)
})

const badUris = [
  'http://new.example/cb',
  'https://new.example/cb#x',
  'https://new.example/*',
  'https://*.new.example/cb',
  'https://user@new.example/cb',
  'https://user:pass@new.example/cb',
  'https://new.example/a/../cb',
  'https://NEW.example/cb',
  'https://new.example:443/cb',
  'https://new.example/c b',
  'https://néw.example/cb',
  'https://new.example\\@evil.example',
  'https:new.example/cb',
  '/cb',
  '',
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:https://new.example/1',
  'about:blank',
  'http://localhost.evil.example/cb',
  'http://127.0.0.1.evil.example/cb',
  'http://127.1/cb',
  'http://0x7f000001/cb',
  'myapp:/cb',
  `https://new.example/${'x'.repeat(3000)}`,
  'https://new.example/cb\r\nX: y',
]
for (const uri of badUris) {
  test(`REG-03: the redirect URI ${JSON.stringify(uri).slice(0, 60)} is refused, and nothing stored`, async () => {
    const world = await createWorld({ openRegistration: true, clients: [] })
    const { status, body } = await register(world, { ...good, redirect_uris: [redirect, uri] })
    assert.equal(status, 400)
    assert.equal(body.error, 'invalid_redirect_uri')
    assert.deepEqual(await world.clients.list(), [])
  })
}

for (const uri of [
  'https://new.example',
  'https://new.example:8443/cb?x=1&y=%20',
  'http://localhost:3000/cb',
  'http://127.0.0.1/cb',
  'http://[::1]:9/cb',
  'org.example.app:/cb',
]) {
  test(`REG-03: the redirect URI ${uri} is accepted`, async () => {
    const world = await createWorld({ openRegistration: true })
    assert.equal((await register(world, { ...good, redirect_uris: [uri] })).status, 201)
  })
}

const bad: readonly (readonly [string, unknown])[] = [
  ['no redirect URI', { client_name: 'x' }],
  ['an empty list', { ...good, redirect_uris: [] }],
  ['a text for a list', { ...good, redirect_uris: redirect }],
  ['too many', { ...good, redirect_uris: Array.from({ length: 21 }, (_, n) => `https://new.example/${n}`) }],
  ['an unknown method', { ...good, token_endpoint_auth_method: 'tls_client_auth' }],
  ['an implicit grant', { ...good, grant_types: ['implicit'] }],
  ['a token response', { ...good, response_types: ['token'] }],
  ['a scope of nonsense', { ...good, scope: 'patient/Observation.dus' }],
  ['a launch address by script', { ...good, initiate_login_uri: 'javascript:alert(1)' }],
  ['a launch address with a fragment', { ...good, initiate_login_uri: 'https://new.example/#x' }],
  ['a logo by data', { ...good, logo_uri: 'data:image/svg+xml,<svg/>' }],
  ['a policy by script', { ...good, policy_uri: 'javascript:alert(1)' }],
  ['an endless name', { ...good, client_name: 'x'.repeat(1000) }],
  ['a name that turns the line around', { ...good, client_name: 'Safe\u202eelbatsurt' }],
  ['a name with a line break', { ...good, client_name: 'a\nb' }],
  ['a number for a name', { ...good, client_name: 7 }],
  ['a list', []],
  ['a text', '"x"'],
  ['nothing', ''],
  ['broken JSON', '{"redirect_uris":['],
]
for (const [what, body] of bad) {
  test(`RFC 7591: metadata with ${what} is refused, and nothing stored`, async () => {
    const world = await createWorld({ openRegistration: true, clients: [] })
    const reply = await register(world, body)
    assert.equal(reply.status, 400)
    assert.match(String(reply.body.error), /^invalid_(client_metadata|redirect_uri)$/)
    assert.deepEqual(await world.clients.list(), [])
  })
}

const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange'
test('RFC 7591 §3.2.2: a public app that registers for token exchange learns at once that it would never get any', async () => {
  const world = await createWorld({ openRegistration: true, clients: [] })
  const grant_types = ['authorization_code', exchange]
  const reply = await register(world, { ...good, token_endpoint_auth_method: 'none', grant_types })
  const error_description = 'token_endpoint_auth_method: token exchange needs an app that authenticates'
  assert.deepEqual(reply, { status: 400, body: { error: 'invalid_client_metadata', error_description } })
  assert.deepEqual(await world.clients.list(), [])
})

test('an initial token that is for apps with users lets no backend service in, whatever scopes it names', async () => {
  const world = await createWorld()
  const service = {
    client_name: 'Night job',
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: 'https://new.example/jwks.json',
    scope: 'system/Patient.rs',
  }
  for (const [backend, status] of [
    [false, 'waiting'],
    [true, 'approved'],
  ] as const) {
    const terms = { name: 'partner', scope: 'system/*.rs', backend, uses: 1, lifetime: DAY }
    const { secret } = await world.authorization.registry.issueInitialToken(terms, {})
    const { body } = await register(world, service, { authorization: `Bearer ${secret}` })
    assert.equal(body.registration_status, status)
  }
})

test('nobody registers an app with rights of the house: flags and ids are not metadata', async () => {
  const world = await createWorld({ openRegistration: true, clients: [] })
  await register(world, {
    ...good,
    id: 'mine',
    client_id: 'mine',
    preApproved: true,
    secretHash: 'x',
    __proto__: { disabled: true },
  })
  const [client] = await world.clients.list()
  assert.equal(client?.preApproved, undefined)
  assert.notEqual(client?.id, 'mine')
})

test('CORS-01, CORS-07: anybody may read discovery and keys, without cookies', async () => {
  const world = await createWorld()
  for (const url of [
    '/fhir/.well-known/smart-configuration',
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server',
    '/oauth/jwks',
  ]) {
    const { headers } = await world.app.inject({ url, headers: { origin: 'https://anybody.example' } })
    assert.equal(headers['access-control-allow-origin'], '*')
    assert.equal(headers['access-control-allow-credentials'], undefined)
  }
})

test('CORS-02, CORS-06: only origins of registered apps may call the token endpoint; pages nobody', async () => {
  const world = await createWorld()
  for (const [origin, allowed] of [
    ['https://app.example', 'https://app.example'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['https://evil.example', undefined],
    ['null', undefined],
    ['https://app.example.evil.example', undefined],
  ] as const) {
    const reply = await world.app.inject({
      method: 'POST',
      url: '/oauth/token',
      form: {},
      headers: { origin },
    })
    assert.equal(reply.headers['access-control-allow-origin'], allowed)
    const page = await world.app.inject({ url: '/oauth/authorize', headers: { origin } })
    assert.equal(page.headers['access-control-allow-origin'], undefined)
  }
})

test('DISC-04, DISC-07, DISC-13, DISC-28, DISC-30, DISC-31: discovery says what works, in JSON, whatever is accepted', async () => {
  const world = await createWorld({ openRegistration: true })
  for (const accept of ['text/html', '*/*', 'application/fhir+json']) {
    const reply = await world.app.inject({
      url: '/fhir/.well-known/smart-configuration',
      headers: { accept },
    })
    assert.match(reply.headers['content-type'] ?? '', /^application\/json/)
    const document = JSON.parse(reply.body)
    assert.deepEqual(document.code_challenge_methods_supported, ['S256'])
    assert.ok(document.capabilities.includes('launch-ehr'))
    for (const [name, value] of Object.entries(document)) {
      if (/_endpoint$|_uri$/.test(name)) assert.match(String(value), /^http:\/\/localhost:8080\//)
    }
    assert.equal(document.introspection_endpoint, 'http://localhost:8080/oauth/introspect')
    assert.equal(document.revocation_endpoint, 'http://localhost:8080/oauth/revoke')
  }
})

test('CTX-48: the published keys are public and bare', async () => {
  const world = await createWorld()
  const { keys } = JSON.parse((await world.app.inject({ url: '/oauth/jwks' })).body)
  assert.deepEqual(keys.map((key: { alg: string }) => key.alg).sort(), ['ES256', 'RS256'])
  for (const key of keys)
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) assert.equal(secret in key, false)
})
