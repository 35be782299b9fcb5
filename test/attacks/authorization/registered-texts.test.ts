/** Addresses and names that look like others: line breaks, direction, what cannot be seen, what a browser would tidy. REG-02; RFC 7591 §2, §5; RFC 3986 §2. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { everyRecord } from '../../../src/authorization/registration/approval.ts'
import { createWorld, SECOND, start, type World } from './world.ts'

const redirect = 'https://new.example/cb'
const good = { client_name: 'New', redirect_uris: [redirect], scope: 'openid launch/patient patient/*.rs' }

async function register(world: World, body: object) {
  const reply = await world.app.inject({
    method: 'POST',
    url: '/oauth/register',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: reply.status, body: JSON.parse(reply.body) as Record<string, unknown> }
}

const addresses = [
  'client_uri',
  'logo_uri',
  'policy_uri',
  'tos_uri',
  'jwks_uri',
  'initiate_login_uri',
  'backchannel_logout_uri',
  'request_uris',
]
const badAddresses = [
  'https://ev\nil.example/a b\t',
  '   https://new.example/x',
  'https://new.example/x ',
  'https://new.example/a b',
  'https:\\\\evil.example\\x',
  'https://new.example\\@evil.example/',
  'https:evil.example',
  'https:///evil.example',
  'https://new.example/\u0000',
  'https://new.example/\u001b[2J',
  'https://new.example/\u009b2J',
  'https://new.example/\u202e/elpmaxe.doog//:sptth',
  'https://new.example/\u200b',
  'https://new.example/\u00e9',
  'https://раураl.example/',
  'https://new.example/"onerror=alert(1)',
  'https://new.example/<script>',
  'https://NEW.example/x',
  'https://new.example:443/x',
  'https://new.example/a/../x',
  'https://user@new.example/x',
  'http://new.example/x',
  'ftp://new.example/x',
  '',
]
for (const member of addresses)
  test(`REG-02: ${member} is plain ASCII as a browser will read it, or refused by its name, and nothing is stored`, async () => {
    const world = await createWorld({ openRegistration: true, clients: [] })
    for (const address of badAddresses) {
      const value = member === 'request_uris' ? [address] : address
      const { status, body } = await register(world, { ...good, [member]: value })
      assert.deepEqual([status, body.error], [400, 'invalid_client_metadata'], JSON.stringify(address))
      assert.ok(String(body.error_description).startsWith(member), String(body.error_description))
    }
    assert.deepEqual(await world.clients.list(), [])
  })

test('REG-02: addresses of the web are taken as they are', async () => {
  const world = await createWorld({ openRegistration: true })
  for (const address of [
    'https://new.example',
    'https://new.example/',
    'https://new.example?x=1',
    'https://new.example:8443/a/b.html?x=1&y=%20~!$*(),;:@',
    'https://xn--80ak6aa92e.example/',
    'http://localhost:3000/x',
    'http://127.0.0.1/x',
    'http://[::1]:9/x',
  ])
    for (const member of addresses) {
      const value = member === 'request_uris' ? [address] : address
      const { status, body } = await register(world, { ...good, [member]: value })
      assert.equal(status, 201, `${member} ${address}: ${body.error_description}`)
      assert.deepEqual(body[member], value)
    }
  const { body } = await register(world, { ...good, policy_uri: 'https://new.example/legal?l=en#privacy' })
  assert.equal(body.policy_uri, 'https://new.example/legal?l=en#privacy')
})

const badTexts: readonly (readonly [string, string])[] = [
  ['a line break', 'General\nHospital'],
  ['a NUL', 'General\u0000'],
  ['a terminal sequence', '\u001b[2JGeneral'],
  ['a C1 control', 'General\u009b2J'],
  ['a soft hyphen', 'Ge\u00adneral'],
  ['an Arabic letter mark', 'General\u061c'],
  ['a Mongolian vowel separator', 'Gen\u180eeral'],
  ['a zero width space', 'Gen\u200beral'],
  ['a zero width joiner', 'Gen\u200deral'],
  ['a turn of direction', 'Safe\u202eelbatsurt'],
  ['a line separator', 'General\u2028Hospital'],
  ['a paragraph separator', 'General\u2029Hospital'],
  ['a word joiner', 'Gen\u2060eral'],
  ['an invisible times', 'Gen\u2062eral'],
  ['an isolate', 'Gen\u2066eral'],
  ['a byte order mark', 'Gen\ufeffral'],
  ['an annotation', 'Gen\ufff9eral'],
  ['a tag', 'Gen\u{e0041}eral'],
  ['half a character', 'x\ud800y'],
  ['the other half', 'x\udc00y'],
  ['a Hangul filler', 'Gen\u3164eral'],
  ['a halfwidth Hangul filler', 'Gen\uffa0eral'],
  ['Hangul jamo fillers', 'Gen\u115f\u1160eral'],
  ['nothing but a filler', '\u3164'],
  ['nothing but a variation selector', '\ufe0f'],
  ['nothing but a blank of Braille', '\u2800'],
  ['nothing but a mark', '\u0301'],
]
for (const [what, text] of badTexts)
  test(`RFC 7591 §5: a text with ${what} is refused by its member, and nothing is stored`, async () => {
    const world = await createWorld({ openRegistration: true, clients: [] })
    for (const [member, value, name] of [
      ['client_name', text, 'client_name'],
      ['software_id', text, 'software_id'],
      ['software_version', text, 'software_version'],
      ['contacts', [text], 'contacts.0'],
    ] as const) {
      const { status, body } = await register(world, { ...good, [member]: value })
      assert.deepEqual([status, body.error], [400, 'invalid_client_metadata'])
      assert.match(String(body.error_description), new RegExp(`^${name}: .*(not allowed|can be seen)`))
    }
    assert.deepEqual(await world.clients.list(), [])
  })

test('RFC 7591 §5: what a key is called, and what it says of its kind, is as plain: an administrator reads it', async () => {
  const world = await createWorld({ openRegistration: true, clients: [] })
  const [rsa, ec] = await Promise.all(
    ['RS384', 'ES384'].map(async (alg) =>
      exportJWK((await generateKeyPair(alg, { extractable: true })).publicKey),
    ),
  )
  const refused: [string, object][] = [
    ...badTexts.map(([, text]): [string, object] => ['kid', { ...ec, kid: text }]),
    ['alg', { ...ec, kid: 'k', alg: 'ES384\u202e' }],
    ['alg', { ...ec, kid: 'k', alg: 'ES\u200b384' }],
    ['alg', { ...ec, kid: 'k', alg: 384 }],
    ['alg', { ...ec, kid: 'k', alg: 'x'.repeat(201) }],
    ['crv', { ...rsa, kid: 'k', crv: 'P\n-256' }],
  ]
  for (const [member, key] of refused) {
    const { status, body } = await register(world, { ...good, jwks: { keys: [key] } })
    assert.deepEqual([status, body.error], [400, 'invalid_client_metadata'], JSON.stringify(key))
    assert.match(String(body.error_description), new RegExp(`^jwks\\.keys\\.0: .*\\b${member}\\b`))
  }
  assert.deepEqual(await world.clients.list(), [])
  for (const key of [
    { ...ec, kid: '2025 鑰匙' },
    { ...rsa, kid: 'a b', alg: 'RS512' },
  ])
    assert.equal((await register(world, { ...good, jwks: { keys: [key] } })).status, 201)
})

test('real names are taken in every script', async () => {
  const world = await createWorld({ openRegistration: true })
  for (const client_name of [
    'Müller & Söhne – Kardiologie',
    '兒童生長曲線',
    'グロースチャート',
    '葛\u{e0100}城クリニック',
    '성장 도표',
    'مخطط النمو',
    'वृद्धि चार्ट',
    'Cafe\u0301 Santé',
    'Love ❤\ufe0f Health 🩺',
    '+1',
  ]) {
    const { status, body } = await register(world, { ...good, client_name })
    assert.deepEqual([status, body.client_name], [201, client_name])
  }
})

test('RFC 6749 §3.3: a scope has the characters of scopes, whatever it names beside one that is known', async () => {
  const world = await createWorld({ openRegistration: true, clients: [] })
  for (const text of ['\n', '\t', '\u0000', '\u202e', 'é', '"', '\\', '\u00a0', '\ud800']) {
    const { status, body } = await register(world, { ...good, scope: `openid x${text}y` })
    assert.equal(status, 400, JSON.stringify(text))
    assert.match(String(body.error_description), /^scope: .*characters/)
  }
  assert.deepEqual(await world.clients.list(), [])
})

test('what a metadata document says is as plain', async () => {
  const id = 'https://apps.example/client.json'
  const document = { client_id: id, client_name: 'Growth', redirect_uris: ['https://apps.example/cb'] }
  for (const more of [
    { policy_uri: 'https://apps.example/\u202egpj' },
    { client_uri: 'https:\\\\apps.example\\x' },
    { initiate_login_uri: 'https://apps.example/a\nb' },
    { client_name: 'Gen\u2060eral' },
    { client_name: '\u3164' },
  ]) {
    const answer = {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...document, ...more }),
    }
    const documents = { open: everyRecord, trust: [], trustedScope: '' }
    const world = await createWorld({ documents, outbound: { get: async () => answer }, clients: [] })
    const reply = await world.app.inject({ url: `/oauth/authorize?client_id=${encodeURIComponent(id)}` })
    assert.equal(reply.status, 400)
    assert.match(reply.body, new RegExp(`not acceptable: ${Object.keys(more)[0]}`))
    assert.deepEqual(await world.clients.list(), [])
  }
})

test('what a software statement says is as plain', async () => {
  const issuer = 'https://federation.example'
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }]
  const world = await createWorld({
    registration: { statementIssuers: [{ issuer, jwks: { keys } }] },
    clients: [],
  })
  for (const more of [{ logo_uri: 'https://new.example/a b' }, { client_name: 'x\ud800y' }]) {
    const software_statement = await new SignJWT({ iss: issuer, iat: start / SECOND, ...good, ...more })
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .sign(privateKey)
    const { status, body } = await register(world, { software_statement })
    assert.deepEqual([status, body.error], [400, 'invalid_client_metadata'])
  }
  assert.deepEqual(await world.clients.list(), [])
})
