/** What an administrator reads of an app before they approve it: every member that it can be registered with. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { calculateJwkThumbprint, type JWK } from 'jose'
import type { Visit } from '../admin/pages/admit.ts'
import { registrationCard } from '../admin/pages/registration-card.ts'
import type { Client } from '../authorization/client.ts'
import { clientOf, memberNames } from '../authorization/registration/metadata-members.ts'
import { parseMetadata } from '../authorization/registration/parse-metadata.ts'
import type { Locale } from '../ui/locale.ts'
import { messages } from '../ui/messages.ts'
import { adminAppOf } from './administration.ts'

const base = { client_name: 'App', redirect_uris: ['https://app.example/cb'] }
const keyOf = (type: 'ec' | 'rsa' | 'ed25519'): JWK => {
  const pair =
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-384' })
      : type === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ed25519')
  return pair.publicKey.export({ format: 'jwk' }) as JWK
}
const keys: JWK[] = [
  { ...keyOf('ec'), kid: 'first', alg: 'ES384', use: 'sig' },
  { ...keyOf('rsa'), kid: 'second', alg: 'RS384' },
  { ...keyOf('ed25519'), kid: 'third' },
]

/** A value of each member, none of which stands on the page of {@link base}. */
const samples: Readonly<Record<(typeof memberNames)[number], unknown>> = {
  client_name: 'shown above the card, as the title',
  redirect_uris: ['https://app.example/2', 'https://app.example/3'],
  initiate_login_uri: 'https://app.example/launch',
  grant_types: ['authorization_code', 'urn:ietf:params:oauth:grant-type:token-exchange'],
  token_endpoint_auth_method: 'client_secret_post',
  token_endpoint_auth_signing_alg: 'ES384',
  scope: 'openid patient/Observation.rs',
  jwks: { keys },
  jwks_uri: 'https://app.example/jwks',
  logo_uri: 'https://app.example/logo',
  client_uri: 'https://app.example/home',
  policy_uri: 'https://app.example/policy',
  tos_uri: 'https://app.example/tos',
  contacts: ['one@app.example', 'two@app.example'],
  software_id: 'software-id',
  software_version: 'software-version',
  require_pushed_authorization_requests: true,
  require_signed_request_object: true,
  request_object_signing_alg: 'RS384',
  request_uris: ['https://app.example/request/1', 'https://app.example/request/2'],
  dpop_bound_access_tokens: true,
  post_logout_redirect_uris: ['https://app.example/bye/1', 'https://app.example/bye/2'],
  backchannel_logout_uri: 'https://app.example/logout',
  userinfo_signed_response_alg: 'RS256',
  access_token_format: 'opaque',
}

function shown(metadata: object, locale: Locale): string {
  const client: Client = clientOf(parseMetadata({ ...metadata }), { id: 'app', createdAt: 0 })
  const app = adminAppOf({ client, registration: { origin: 'open' } })
  const visit = { words: messages(locale).admin, locale } as unknown as Visit
  return registrationCard(app, visit).markup
}

/** The title of the page, above the card. */
const aboveTheCard: readonly string[] = ['client_name']

for (const locale of ['en', 'zh-TW'] as const)
  for (const name of memberNames.filter((one) => !aboveTheCard.includes(one)))
    test(`${locale}: ${name} is read before it is approved`, () => {
      const value = samples[name]
      // Without keys nothing can be signed.
      const withKeys =
        name === 'require_signed_request_object' ? { jwks_uri: 'https://app.example/jwks' } : {}
      const [before, after] = [
        shown({ ...base, ...withKeys }, locale),
        shown({ ...base, ...withKeys, [name]: value }, locale),
      ]
      assert.notEqual(after, before, `${name} makes no difference on the page`)
      const texts = name === 'jwks' || typeof value === 'boolean' ? [] : [value].flat().map(String)
      for (const text of texts) assert.ok(after.includes(text), text)
    })

test('RFC 7638: of each key on record the page tells name, kind, algorithm, use and thumbprint', async () => {
  const page = shown({ ...base, jwks: { keys } }, 'en')
  for (const key of keys) {
    const told = [key.kid, key.kty, key.crv, key.alg, key.use, await calculateJwkThumbprint(key)]
    for (const text of told.filter((one) => one !== undefined)) assert.ok(page.includes(text), text)
  }
})

test('a key that is on record and none is shown without thumbprint', () => {
  const client: Client = {
    ...clientOf(parseMetadata(base), { id: 'app', createdAt: 0 }),
    jwks: { keys: [{ kid: '<b>\u202eodd', kty: 'RSA', n: 1, alg: { odd: true } }] },
  }
  const visit = { words: messages('en').admin, locale: 'en' } as unknown as Visit
  const { markup } = registrationCard(adminAppOf({ client, registration: { origin: 'open' } }), visit)
  assert.match(markup, /<bdi><code>[^<]*odd<\/code><\/bdi>/)
  assert.doesNotMatch(markup, /Thumbprint/)
})
