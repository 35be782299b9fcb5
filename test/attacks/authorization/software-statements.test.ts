/** Statements that are forged, borrowed or too old, and what a good one outweighs. RFC 7591 §2.3, §3.1.1; RFC 8725. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import type { RegistrationRules } from '../../../src/authorization/registration/rules.ts'
import { baseUrl, createWorld, HOUR, SECOND, start, type World } from './world.ts'

const issuer = 'https://federation.example'
const redirect = 'https://new.example/cb'
const made = (async () => {
  const pair = await generateKeyPair('ES256', { extractable: true })
  const other = await generateKeyPair('ES256')
  return { ...pair, jwk: { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' }, other }
})()

const claims = {
  client_name: 'Certified App',
  redirect_uris: [redirect],
  scope: 'openid patient/*.rs',
  software_id: 'certified',
}

async function rules(): Promise<Partial<RegistrationRules>> {
  const { jwk } = await made
  const approves = { scope: 'openid launch patient/*.rs', backend: false }
  return {
    statementIssuers: [
      { issuer, jwks: { keys: [jwk] }, approves },
      { issuer: 'https://no-approval.example', jwks: { keys: [jwk] } },
      { issuer: 'https://away.example', jwksUri: 'https://away.example/jwks.json' },
    ],
  }
}

async function statement(more: Record<string, unknown> = {}, header: Record<string, unknown> = {}) {
  const { privateKey } = await made
  const payload = { iss: issuer, iat: start / SECOND, ...claims, ...more }
  return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header }).sign(privateKey)
}

async function register(world: World, body: object) {
  const reply = await world.app.inject({
    method: 'POST',
    url: '/oauth/register',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: reply.status, body: JSON.parse(reply.body) as Record<string, unknown> }
}

test('a statement of a known issuer outweighs what the app says, comes back unchanged, and is enough for its terms', async () => {
  const world = await createWorld({ registration: await rules() })
  const text = await statement()
  const { status, body } = await register(world, {
    client_name: 'Something else',
    redirect_uris: ['https://evil.example/cb'],
    scope: 'user/*.cruds',
    software_statement: text,
  })
  assert.equal(status, 201)
  assert.deepEqual(
    [body.client_name, body.redirect_uris, body.scope, body.software_statement, body.registration_status],
    ['Certified App', [redirect], 'openid patient/*.rs', text, 'approved'],
  )
})

test('a statement is enough for no more than its issuer may approve', async () => {
  const world = await createWorld({ registration: await rules() })
  for (const more of [{ scope: 'openid user/*.rs' }, { iss: 'https://no-approval.example' }]) {
    const { body } = await register(world, { software_statement: await statement(more) })
    assert.equal(body.registration_status, 'waiting', JSON.stringify(more))
  }
})

const attempts: readonly (readonly [string, string, () => Promise<unknown>])[] = [
  ['of a stranger', 'unapproved_software_statement', () => statement({ iss: 'https://evil.example' })],
  ['of nobody', 'unapproved_software_statement', () => statement({ iss: undefined })],
  [
    'of an issuer whose keys cannot be had',
    'unapproved_software_statement',
    () => statement({ iss: 'https://away.example' }),
  ],
  [
    'signed by somebody else',
    'invalid_software_statement',
    async () =>
      new SignJWT({ iss: issuer, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
        .sign((await made).other.privateKey),
  ],
  [
    'without signature',
    'invalid_software_statement',
    async () => new UnsecuredJWT({ iss: issuer, ...claims }).encode(),
  ],
  [
    'signed with the public key as a secret',
    'invalid_software_statement',
    async () =>
      new SignJWT({ iss: issuer, ...claims })
        .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
        .sign(new TextEncoder().encode(JSON.stringify((await made).jwk))),
  ],
  ['that is over', 'invalid_software_statement', () => statement({ exp: (start - HOUR) / SECOND })],
  ['that is not yet', 'invalid_software_statement', () => statement({ nbf: (start + HOUR) / SECOND })],
  [
    'that was changed',
    'invalid_software_statement',
    async () =>
      (await statement()).replace(/^([^.]+)\.([^.]+)/, '$1.eyJpc3MiOiJodHRwczovL2ZlZGVyYXRpb24uZXhhbXBsZSJ9'),
  ],
  ['with a key that is not there', 'invalid_software_statement', () => statement({}, { kid: 'k2' })],
  ['that is no text', 'invalid_software_statement', async () => ({ iss: issuer })],
  ['that is no token', 'invalid_software_statement', async () => 'a.b.c'],
  ['without end', 'invalid_software_statement', async () => `${'a'.repeat(20_000)}.b.c`],
  [
    'with a redirect URI by script',
    'invalid_redirect_uri',
    () => statement({ redirect_uris: ['javascript:alert(1)'] }),
  ],
]
for (const [what, error, make] of attempts) {
  test(`a statement ${what} is refused, and nothing stored`, async () => {
    const world = await createWorld({ registration: await rules(), clients: [] })
    const { status, body } = await register(world, {
      client_name: 'X',
      redirect_uris: [redirect],
      software_statement: await make(),
    })
    assert.equal(status, 400)
    assert.equal(body.error, error)
    assert.deepEqual(await world.clients.list(), [])
  })
}

test('a statement gives neither an id, a secret, nor rights on this server', async () => {
  const world = await createWorld({ registration: await rules() })
  const { body } = await register(world, {
    software_statement: await statement({
      client_id: 'public-app',
      client_secret: 'mine',
      preApproved: true,
    }),
  })
  assert.notEqual(body.client_id, 'public-app')
  assert.notEqual(body.client_secret, 'mine')
  const keys = { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://new.example/jwks.json' }
  const house = await statement({
    redirect_uris: [],
    grant_types: ['client_credentials'],
    scope: 'chartkey.admin',
    ...keys,
  })
  const waiting = await register(world, { software_statement: house })
  assert.equal(waiting.body.registration_status, 'waiting')
})

const unsaid = [
  ['where codes go', 'redirect_uris', ['https://evil.example/cb']],
  ['where launches go', 'initiate_login_uri', 'https://evil.example/launch'],
  ['what people read', 'client_name', 'Hospital portal'],
  ['where people go after a logout', 'post_logout_redirect_uris', ['https://evil.example/out']],
  ['which keys are its own', 'jwks_uri', 'https://evil.example/jwks.json'],
] as const
for (const [what, member, value] of unsaid)
  test(`a statement that does not say ${what} approves nothing of what its bearer says of that`, async () => {
    const world = await createWorld({ registration: await rules() })
    const { status, body } = await register(world, {
      software_statement: await statement({ [member]: undefined }),
      [member]: value,
    })
    assert.deepEqual(
      [status, body.registration_status, body.registration_waits_for],
      [201, 'waiting', ['approval']],
    )
    assert.equal((await world.clients.find(String(body.client_id)))?.disabled, true)
  })

test('a statement without redirect URIs is no app of its own, and is refused by the member that is missing', async () => {
  const world = await createWorld({ registration: await rules(), clients: [] })
  const { status, body } = await register(world, {
    software_statement: await statement({ redirect_uris: undefined }),
  })
  assert.deepEqual([status, body.error], [400, 'invalid_redirect_uri'])
  assert.deepEqual(await world.clients.list(), [])
})

test('a backend service is approved by a statement only where that names its keys', async () => {
  const { jwk } = await made
  const approves = { scope: 'system/*.rs', backend: true }
  const registration = { statementIssuers: [{ issuer, jwks: { keys: [jwk] }, approves }] }
  const world = await createWorld({ registration })
  const backend = {
    redirect_uris: undefined,
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'private_key_jwt',
    scope: 'system/Patient.rs',
  }
  const jwks_uri = 'https://new.example/jwks.json'
  for (const [said, state] of [
    [{ software_statement: await statement(backend), jwks_uri: 'https://evil.example/jwks.json' }, 'waiting'],
    [{ software_statement: await statement({ ...backend, jwks_uri }) }, 'approved'],
  ] as const)
    assert.equal((await register(world, said)).body.registration_status, state)
})

test('RFC 7592 §2.2: a change cannot take back what the statement says', async () => {
  const world = await createWorld({ registration: await rules() })
  const { body } = await register(world, { software_statement: await statement() })
  const reply = await world.app.inject({
    method: 'PUT',
    url: String(body.registration_client_uri).replace(baseUrl, ''),
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${body.registration_access_token}`,
    },
    body: JSON.stringify({
      client_id: body.client_id,
      client_name: 'Hospital portal',
      redirect_uris: ['https://evil.example/cb'],
      scope: 'openid patient/*.rs',
      contacts: ['dev@new.example'],
    }),
  })
  const after = JSON.parse(reply.body)
  assert.deepEqual(
    [after.client_name, after.redirect_uris, after.contacts, after.registration_status],
    ['Certified App', [redirect], ['dev@new.example'], 'approved'],
  )
})

test('RFC 7592 §2.2: an approved app that would send people somewhere else after a logout waits again', async () => {
  const world = await createWorld({ registration: await rules() })
  const { body } = await register(world, { software_statement: await statement() })
  const change = async (more: object) => {
    const reply = await world.app.inject({
      method: 'PUT',
      url: String(body.registration_client_uri).replace(baseUrl, ''),
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${body.registration_access_token}`,
      },
      body: JSON.stringify({ client_id: body.client_id, ...more }),
    })
    return JSON.parse(reply.body).registration_status
  }
  assert.equal(await change({ contacts: ['dev@new.example'] }), 'approved')
  assert.equal(await change({ post_logout_redirect_uris: ['https://evil.example/out'] }), 'waiting')
})

async function change(world: World, { client_id, ...told }: Record<string, unknown>, more: object) {
  const reply = await world.app.inject({
    method: 'PUT',
    url: String(told.registration_client_uri).replace(baseUrl, ''),
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${told.registration_access_token}`,
    },
    body: JSON.stringify({ client_id, ...more }),
  })
  const body = JSON.parse(reply.body) as Record<string, unknown>
  return [reply.status, body.registration_status, body.registration_waits_for]
}

const keysAtEvil = {
  token_endpoint_auth_method: 'private_key_jwt',
  jwks_uri: 'https://evil.example/jwks.json',
}
const addedLater: readonly (readonly [string, object])[] = [
  ['keys at an address', keysAtEvil],
  ['where it is told of logouts', { backchannel_logout_uri: 'https://evil.example/out' }],
  ['where its requests are', { request_uris: ['https://evil.example/request'] }],
  ['a logo', { logo_uri: 'https://evil.example/logo.png' }],
  ['where people go after a logout', { post_logout_redirect_uris: ['https://evil.example/out'] }],
]
for (const [what, more] of addedLater)
  test(`RFC 7592 §2.2: ${what} that the statement leaves out makes the app wait, also when it is added a moment later`, async () => {
    const world = await createWorld({ registration: await rules() })
    const text = await statement()
    const { body } = await register(world, {
      software_statement: text,
      token_endpoint_auth_method: 'none',
    })
    assert.equal(body.registration_status, 'approved')
    const sent = { token_endpoint_auth_method: 'none', ...more }
    assert.deepEqual(await change(world, body, sent), [200, 'waiting', ['changed']])
    assert.equal((await world.clients.find(String(body.client_id)))?.disabled, true)
  })

test('a key of its bearer’s own makes the app of a statement wait', async () => {
  const world = await createWorld({ registration: await rules() })
  const { body } = await register(world, {
    software_statement: await statement(),
    token_endpoint_auth_method: 'none',
  })
  assert.ok(await world.authorization.registry.setTrust(String(body.client_id), 'preApproved', true, {}))
  const keys = { keys: [(await made).jwk] }
  const more = { token_endpoint_auth_method: 'private_key_jwt', jwks: keys }
  assert.deepEqual(await change(world, body, more), [200, 'waiting', ['changed']])
  assert.equal((await world.clients.find(String(body.client_id)))?.preApproved, undefined)
})

test('a statement that says less takes the place of one that said the keys, and its bearer’s own wait', async () => {
  const world = await createWorld({ registration: await rules() })
  const keys = {
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: 'https://new.example/jwks.json',
  }
  const { body } = await register(world, { software_statement: await statement(keys) })
  assert.equal(body.registration_status, 'approved')
  const less = { software_statement: await statement() }
  assert.deepEqual(await change(world, body, { ...less, ...keysAtEvil }), [200, 'waiting', ['changed']])
})

test('what an administrator approved beside a statement goes on, and may be left out', async () => {
  const world = await createWorld({ registration: await rules() })
  const keys = {
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: 'https://new.example/jwks.json',
  }
  const { body } = await register(world, { software_statement: await statement(), ...keys })
  assert.equal(body.registration_status, 'waiting')
  assert.ok(await world.authorization.registry.act(String(body.client_id), 'approve', {}))
  for (const more of [
    keys,
    { ...keys, contacts: ['dev@new.example'] },
    { token_endpoint_auth_method: 'client_secret_basic' },
  ])
    assert.deepEqual(await change(world, body, more), [200, 'approved', undefined])
  assert.deepEqual(await change(world, body, keysAtEvil), [200, 'waiting', ['changed']])
})

test('of an initial access token and a statement, the one that was enough is the one that later changes are judged by', async () => {
  const world = await createWorld({ registration: await rules() })
  const registerWith = async (scope: string) => {
    const terms = { name: 'partner', scope, backend: false, uses: 1, lifetime: HOUR }
    const { secret } = await world.authorization.registry.issueInitialToken(terms, {})
    const reply = await world.app.inject({
      method: 'POST',
      url: '/oauth/register',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
      body: JSON.stringify({
        software_statement: await statement(),
        token_endpoint_auth_method: 'none',
      }),
    })
    const body = JSON.parse(reply.body) as Record<string, unknown>
    assert.equal(body.registration_status, 'approved')
    return body
  }
  for (const [scope, status] of [
    ['openid', 'waiting'],
    ['openid patient/*.rs', 'approved'],
  ] as const)
    assert.equal((await change(world, await registerWith(scope), keysAtEvil))[1], status)
})

test('a backend service that proves itself by a secret is not the one whose keys the statement names', async () => {
  const { jwk } = await made
  const approves = { scope: '__reports', backend: true }
  const world = await createWorld({
    registration: { statementIssuers: [{ issuer, jwks: { keys: [jwk] }, approves }] },
  })
  const said = {
    redirect_uris: undefined,
    grant_types: ['client_credentials'],
    scope: '__reports',
    jwks_uri: 'https://new.example/jwks.json',
  }
  const text = await statement(said)
  for (const [method, state] of [
    ['client_secret_basic', 'waiting'],
    [undefined, 'waiting'],
    ['private_key_jwt', 'approved'],
  ] as const) {
    const { body } = await register(world, {
      software_statement: text,
      token_endpoint_auth_method: method,
    })
    assert.equal(body.registration_status, state, method)
    if (state === 'approved') {
      const bySecret = { token_endpoint_auth_method: 'client_secret_basic' }
      assert.deepEqual(await change(world, body, bySecret), [200, 'waiting', ['changed']])
    }
  }
})
