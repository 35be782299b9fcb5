/** Attempts with authorization codes. RFC-05, RFC-06, RFC-16, CODE-04, CODE-06, EM-20. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from '../../../src/authorization/client.ts'
import { ask, Browser, basic, redeem } from './visit.ts'
import {
  callback,
  confidentialApp,
  createWorld,
  otherApp,
  publicApp,
  SECOND,
  secret,
  sha256,
  start,
  users,
  verifier,
  type World,
} from './world.ts'

async function codeFor(world: World, changes: Record<string, string> = {}): Promise<string> {
  return (await (await new Browser(world, users.patient).open(changes)).allow()).code
}

test('the code of somebody whose account was disabled meanwhile gives nothing', async () => {
  const world = await createWorld()
  const code = await codeFor(world)
  world.deactivate(users.patient)
  const { body } = await redeem(world, code)
  assert.equal(body.error, 'invalid_grant')
  assert.equal('id_token' in body, false)
})

const refused: readonly (readonly [string, string, Record<string, string | undefined>])[] = [
  ['CODE-06: no verifier', 'invalid_request', { code_verifier: undefined }],
  ['RFC-16: a wrong verifier', 'invalid_grant', { code_verifier: 'x'.repeat(43) }],
  ['RFC-13: a verifier that is too short', 'invalid_request', { code_verifier: verifier.slice(0, 42) }],
  ['RFC-13: a verifier of other characters', 'invalid_request', { code_verifier: `${'x'.repeat(43)}\u0000` }],
  ['RFC-13: a verifier that is too long', 'invalid_request', { code_verifier: 'x'.repeat(129) }],
  ['RFC-06: no redirect URI', 'invalid_request', { redirect_uri: undefined }],
  [
    'RFC-06: another redirect URI of the same app',
    'invalid_grant',
    { redirect_uri: 'http://localhost:3000/cb' },
  ],
  ['RFC-06: the redirect URI with a slash', 'invalid_grant', { redirect_uri: `${callback}/` }],
  ['RFC-05: another app', 'invalid_grant', { client_id: otherApp.id }],
  ['an unknown app', 'invalid_client', { client_id: 'nobody' }],
  ['no app', 'invalid_client', { client_id: undefined }],
  ['no code', 'invalid_request', { code: undefined }],
  ['an unknown code', 'invalid_grant', { code: 'A'.repeat(43) }],
  ['an endless code', 'invalid_grant', { code: 'A'.repeat(50_000) }],
  ['no grant type', 'invalid_request', { grant_type: undefined }],
  ['a password', 'unsupported_grant_type', { grant_type: 'password' }],
  ['client credentials', 'unauthorized_client', { grant_type: 'client_credentials' }],
  ['a name of every object', 'unsupported_grant_type', { grant_type: 'constructor' }],
]

for (const [what, error, changes] of refused) {
  test(`${what} is refused with ${error}, and the code still works for its owner`, async () => {
    const world = await createWorld()
    const code = await codeFor(world)
    const { status, body, headers } = await redeem(world, code, changes)
    assert.equal(status, 400)
    assert.equal(body.error, error)
    assert.equal(headers['cache-control'], 'no-store')
    assert.equal(headers.pragma, 'no-cache')
    assert.equal('access_token' in body, false)
    assert.equal((await redeem(world, code)).status, 200)
  })
}

test('RFC-05: a code that comes again is refused, and what it gave is revoked at once', async () => {
  const world = await createWorld()
  const code = await codeFor(world)
  const { body } = await redeem(world, code)
  assert.ok(await world.authorization.verifyAccessToken(body.access_token))
  assert.equal((await redeem(world, code)).body.error, 'invalid_grant')
  assert.equal(await world.authorization.verifyAccessToken(body.access_token), undefined)
  const form = { grant_type: 'refresh_token', refresh_token: body.refresh_token, client_id: publicApp.id }
  assert.equal((await ask(world, form)).body.error, 'invalid_grant')
  assert.ok(world.events.some(({ kind }) => kind === 'code-reuse'))
})

test('RFC-05: of two who redeem a code at the same moment neither keeps anything', async () => {
  const world = await createWorld()
  const code = await codeFor(world)
  const replies = await Promise.all([redeem(world, code), redeem(world, code), redeem(world, code)])
  const given = replies.filter(({ status }) => status === 200)
  assert.ok(given.length <= 1)
  for (const { body } of given)
    assert.equal(await world.authorization.verifyAccessToken(body.access_token), undefined)
})

test("RFC-05: another app's try with a used code revokes nothing", async () => {
  const world = await createWorld()
  const code = await codeFor(world)
  const { body } = await redeem(world, code)
  await redeem(world, code, { client_id: otherApp.id })
  assert.ok(await world.authorization.verifyAccessToken(body.access_token))
})

test('CODE-04: a code dies after 60 seconds', async () => {
  const world = await createWorld()
  const code = await codeFor(world)
  world.pass(60 * SECOND)
  assert.equal((await redeem(world, code)).body.error, 'invalid_grant')
})

test('EM-02: a verifier cannot be made up for the challenge itself', async () => {
  const world = await createWorld()
  const code = await codeFor(world)
  const { createHash } = await import('node:crypto')
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  assert.equal((await redeem(world, code, { code_verifier: challenge })).body.error, 'invalid_grant')
})

test('RFC-12: no secret is stored in clear', async () => {
  const world = await createWorld()
  const code = await codeFor(world)
  const { body } = await redeem(world, code)
  const tables = ['codes', 'grants', 'refresh_tokens', 'flows', 'clients'] as const
  const stored = JSON.stringify(
    await Promise.all(tables.map((table) => world.sql.all(`SELECT * FROM ${table}`))),
  )
  for (const told of [code, body.access_token, body.refresh_token, secret])
    assert.equal(stored.includes(told), false)
})

test('a disabled app gets nothing for its code, and its tokens stop', async () => {
  const world = await createWorld()
  const { body } = await redeem(world, await codeFor(world))
  const code = await codeFor(world)
  await world.clients.change(publicApp.id, () => ({ ...publicApp, disabled: true }))
  world.authorization.clientsChanged()
  assert.equal((await redeem(world, code)).body.error, 'invalid_client')
  assert.equal(await world.authorization.verifyAccessToken(body.access_token), undefined)
})

const parameters = ['grant_type', 'code', 'redirect_uri', 'code_verifier', 'client_id']
for (const name of parameters) {
  test(`RFC-03: ${name} sent twice to the token endpoint is refused`, async () => {
    const world = await createWorld()
    const good = [
      ['grant_type', 'authorization_code'],
      ['code', await codeFor(world)],
      ['redirect_uri', callback],
      ['code_verifier', verifier],
      ['client_id', publicApp.id],
    ] as const
    const again = good.find(([key]) => key === name)
    const { status, body } = await ask(world, [...good, ...(again ? [again] : [])])
    assert.equal(status, 400)
    assert.equal(body.error, 'invalid_request')
  })
}

test('RFC-03: the token endpoint passes over what it does not know, and takes what has no value for left out', async () => {
  const world = await createWorld()
  const good = Object.entries({
    grant_type: 'authorization_code',
    code: await codeFor(world),
    redirect_uri: callback,
    code_verifier: verifier,
    client_id: publicApp.id,
    client_secret: '',
    client_assertion: '',
    scope: '',
  })
  const unknown = ['a', 'b', ''].map((value) => ['unheard_of', value] as const)
  const { status, body } = await ask(world, [...good, ...unknown, ['Code', 'x']])
  assert.equal(status, 200, String(body.error_description))
  const form = { grant_type: 'refresh_token', refresh_token: body.refresh_token, client_id: publicApp.id }
  assert.equal((await ask(world, { ...form, scope: '' })).body.scope, body.scope)
  assert.equal(
    (await redeem(world, await codeFor(world), { code_verifier: '' })).body.error,
    'invalid_request',
  )
})

const told: readonly (readonly [string, Record<string, string | undefined>, Partial<Client>?])[] = [
  ['invalid_request', { code: undefined }],
  ['invalid_client', { client_id: 'nobody' }],
  ['invalid_grant', { code: 'A'.repeat(43) }],
  ['unauthorized_client', {}, { grantTypes: ['refresh_token'] }],
  ['unsupported_grant_type', { grant_type: 'password' }],
  ['invalid_scope', { grant_type: 'refresh_token', scope: 'system/*.cruds' }],
]
for (const [error, changes, client] of told) {
  test(`RFC-07: ${error} is told with 400, in JSON, with a description, and nobody keeps it`, async () => {
    const world = await createWorld()
    const { refresh_token } = (await redeem(world, await codeFor(world))).body
    const code = await codeFor(world)
    if (client) await world.clients.change(publicApp.id, (app) => ({ ...app, ...client }))
    const { status, headers, body } = await redeem(world, code, { refresh_token, ...changes })
    assert.deepEqual([status, body.error], [400, error])
    assert.match(headers['content-type'] ?? '', /^application\/json/)
    assert.deepEqual(Object.keys(body), ['error', 'error_description'])
    assert.match(String(body.error_description), /^[\x20-\x21\x23-\x5b\x5d-\x7e]{10,}$/)
    assert.deepEqual([headers['cache-control'], headers.pragma], ['no-store', 'no-cache'])
  })
}

const notForms: readonly (readonly [string, string, string])[] = [
  ['JSON', 'application/json', '{"grant_type":"authorization_code"}'],
  ['multipart', 'multipart/form-data; boundary=x', '--x--'],
  ['plain text', 'text/plain', 'grant_type=authorization_code'],
]
for (const [what, type, body] of notForms) {
  test(`TOK-01: a token request as ${what} is refused`, async () => {
    const world = await createWorld()
    const reply = await world.app.inject({
      method: 'POST',
      url: '/oauth/token',
      headers: { 'content-type': type },
      body,
    })
    assert.equal(reply.status, 400)
    assert.equal(JSON.parse(reply.body).error, 'invalid_request')
    assert.equal(reply.headers['cache-control'], 'no-store')
  })
}

for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
  test(`TOK-01: ${method} at the token endpoint is refused in JSON`, async () => {
    const world = await createWorld()
    const reply = await world.app.inject({ method, url: '/oauth/token?grant_type=authorization_code' })
    assert.equal(reply.status, 405)
    assert.equal(JSON.parse(reply.body).error, 'invalid_request')
  })
}

test('TOK-01: parameters in the address of a token request count for nothing', async () => {
  const world = await createWorld()
  const code = await codeFor(world)
  const url = `/oauth/token?grant_type=authorization_code&code=${code}&client_id=${publicApp.id}`
  const reply = await world.app.inject({ method: 'POST', url, form: {} })
  assert.equal(reply.status, 400)
})

const form = async (world: World) => ({
  grant_type: 'authorization_code',
  code: await codeFor(world, { client_id: confidentialApp.id }),
  redirect_uri: callback,
  code_verifier: verifier,
})

const credentials: readonly (readonly [
  string,
  string,
  number,
  Record<string, string>,
  Record<string, string>,
])[] = [
  ['TOK-08: no authentication', 'invalid_client', 400, { client_id: confidentialApp.id }, {}],
  ['TOK-08: a wrong secret', 'invalid_client', 401, {}, basic(confidentialApp.id, 'wrong')],
  ['TOK-08: an empty secret', 'invalid_client', 401, {}, basic(confidentialApp.id, '')],
  [
    'TOK-08: the stored hash as the secret',
    'invalid_client',
    401,
    {},
    basic(confidentialApp.id, confidentialApp.secrets?.[0]?.hash ?? ''),
  ],
  [
    'AMB-10: a wrong secret in the body',
    'invalid_client',
    400,
    { client_id: confidentialApp.id, client_secret: 'x' },
    {},
  ],
  [
    'RFC-09: header and body',
    'invalid_request',
    400,
    { client_id: confidentialApp.id, client_secret: secret },
    basic(confidentialApp.id, secret),
  ],
  [
    'RFC-09: header and assertion',
    'invalid_request',
    400,
    { client_assertion: 'x' },
    basic(confidentialApp.id, secret),
  ],
  [
    'a header of another app than the body',
    'invalid_request',
    400,
    { client_id: publicApp.id },
    basic(confidentialApp.id, secret),
  ],
  ['a public app with a secret', 'invalid_client', 401, {}, basic(publicApp.id, 'x')],
  ['a public app with an empty secret', 'invalid_client', 401, {}, basic(publicApp.id, '')],
  [
    'RFC-08: another scheme',
    'invalid_client',
    401,
    { client_id: confidentialApp.id },
    { authorization: 'Bearer x' },
  ],
  ['RFC-08: no base64', 'invalid_client', 401, {}, { authorization: 'Basic ***' }],
  [
    'RFC-08: no colon',
    'invalid_client',
    401,
    {},
    { authorization: `Basic ${Buffer.from('x').toString('base64')}` },
  ],
]

for (const [what, error, status, extra, headers] of credentials) {
  test(`${what}: ${error}`, async () => {
    const world = await createWorld()
    const reply = await ask(world, { ...(await form(world)), ...extra }, headers)
    assert.equal(reply.body.error, error)
    assert.equal(reply.status, status)
    assert.equal(status === 401, /^Basic /.test(reply.headers['www-authenticate'] ?? ''))
  })
}

test('AMB-10: a secret works in the one place that the app registered, header or body', async () => {
  const posting: Client = { ...confidentialApp, id: 'posting', authMethod: 'client_secret_post' }
  const world = await createWorld({ clients: [confidentialApp, posting] })
  const good = await form(world)
  const inBody = (client_id: string) => ({ ...good, client_id, client_secret: secret })
  const wrongPlace = await ask(world, inBody(confidentialApp.id))
  assert.deepEqual([wrongPlace.status, wrongPlace.body.error], [400, 'invalid_client'])
  assert.match(String(wrongPlace.body.error_description), /client_secret_basic alone/)
  const code = await codeFor(world, { client_id: posting.id })
  const wrongHeader = await ask(world, { ...good, code }, basic(posting.id, secret))
  assert.deepEqual([wrongHeader.status, wrongHeader.body.error], [401, 'invalid_client'])
  assert.match(wrongHeader.headers['www-authenticate'] ?? '', /^Basic /)
  assert.equal((await ask(world, { ...inBody(posting.id), code })).status, 200)
  assert.equal((await ask(world, good, basic(confidentialApp.id, secret))).status, 200)
})

test('CAUTH-01, CAP-15: the example of the specification', async () => {
  const [id, password] = ['my-app', 'my-app-secret-123']
  const secrets = [{ hash: sha256(password), createdAt: 0 }]
  const world = await createWorld({ clients: [{ ...confidentialApp, id, secrets }] })
  const form = { ...(await exchange(world, id)) }
  const { body } = await ask(world, form, { authorization: 'Basic bXktYXBwOm15LWFwcC1zZWNyZXQtMTIz' })
  assert.equal(body.token_type, 'Bearer')
})

async function exchange(world: World, client_id: string) {
  const code = await codeFor(world, { client_id })
  return { grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: verifier }
}

test('secrets that overlap: the old one works until its end, the new one from the start, others never', async () => {
  const secrets = [
    { hash: sha256('new'), createdAt: start },
    { hash: sha256('old'), createdAt: 0, endsAt: start + 1000 },
    { hash: sha256('older'), createdAt: 0, endsAt: start },
  ]
  const world = await createWorld({ clients: [{ ...confidentialApp, secrets }] })
  const status = async (password: string) => {
    const form = await exchange(world, confidentialApp.id)
    return (await ask(world, form, basic(confidentialApp.id, password))).status
  }
  assert.deepEqual([await status('new'), await status('old'), await status('older')], [200, 200, 401])
  world.pass(1000)
  assert.deepEqual([await status('new'), await status('old'), await status('')], [200, 401, 401])
})

test('AMB-11: in the header a secret is read form-encoded or plain', async () => {
  const world = await createWorld({ clients: [confidentialApp, { ...confidentialApp, id: 'odd app' }] })
  const good = await form(world)
  for (const id of ['odd app', 'odd+app', 'odd%20app']) {
    const code = await codeFor(world, { client_id: 'odd app' })
    assert.equal((await ask(world, { ...good, code }, basic(id, secret))).status, 200, id)
  }
})
