/** OpenID conformance suite, plans «Config OP» and «RP-Initiated OP»; what a logout notice has to be is in the attacks on logout. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SignJWT, UnsecuredJWT } from 'jose'
import { parseForms } from '../../fixtures/forms.ts'
import { openHouse } from '../../fixtures/house.ts'
import type { Visitor } from '../../fixtures/visitor.ts'
import { assertPresent } from './fixture/asked.ts'
import { type Check, group } from './fixture/group.ts'
import {
  postLogout,
  type RelyingParty,
  redirected,
  registerParty,
  requestOf,
  type SignedIn,
  signIn,
} from './fixture/relying-party.ts'
import { patient, useSandbox } from './fixture/sandbox.ts'

test('oidcc-config-certification-test-plan: the discovery document of a server on https', async (t) => {
  const issuer = 'https://ehr.example.org'
  const server = await openHouse({ baseUrl: issuer })
  t.after(() => server.close())
  const reply = await server.inject({ url: '/.well-known/openid-configuration' })
  assert.equal(reply.status, 200)
  assert.match(reply.headers['content-type'] ?? '', /^application\/json/)
  const config = JSON.parse(reply.body)
  assert.equal(config.issuer, issuer)
  for (const [name, value] of Object.entries<string>(config))
    if (name.endsWith('_endpoint') || name === 'jwks_uri')
      assert.equal(new URL(value).protocol, 'https:', name)
  for (const name of ['response_types_supported', 'grant_types_supported', 'claims_supported'])
    assertPresent(config[name], name)
  assert.ok(config.response_types_supported.includes('code'))
  assert.deepEqual(config.subject_types_supported, ['public'])
  assert.ok(config.id_token_signing_alg_values_supported.includes('RS256'))
  assert.ok(config.request_object_signing_alg_values_supported.includes('RS256'))
  assert.ok(config.scopes_supported.includes('openid'))
  // A scope of RFC 6749 §3.3, and languages as BCP 47 writes them.
  for (const scope of config.scopes_supported) assert.match(scope, /^[\x21\x23-\x5b\x5d-\x7e]+$/)
  assert.deepEqual(Intl.getCanonicalLocales(config.ui_locales_supported), config.ui_locales_supported)
  assert.ok(Array.isArray(config.code_challenge_methods_supported))
  for (const name of ['backchannel_logout_supported', 'backchannel_logout_session_supported'])
    assert.equal(config[name], true, name)
  const { keys } = JSON.parse((await server.inject({ url: '/oauth/jwks' })).body)
  assert.equal(new Set(keys.map(({ kid }: { kid: string }) => kid)).size, keys.length)
  for (const key of keys) assert.ok(key.kid && key.kty && !('d' in key) && !('k' in key))
})

// Without a page somebody is signed in by what they decided before.
const house = useSandbox(undefined, { remembers: true })

/** Somebody who is signed in, and the client that will end it. */
interface Session extends SignedIn {
  readonly party: RelyingParty
  readonly browser: Visitor
}

async function session(): Promise<Session> {
  const party = await registerParty(house())
  const browser = patient(party.base)
  return { party, browser, ...(await signIn(party, browser)) }
}

type Parameters = Readonly<Record<string, string | undefined>>

/** Goes to the end-session endpoint, and confirms where it asks; gives where the browser is in the end. */
async function logOut({ party, browser, tokens }: Session, changes: Parameters = {}): Promise<string> {
  const all = {
    id_token_hint: tokens.id_token,
    post_logout_redirect_uri: postLogout,
    state: 'e'.repeat(128),
    ...changes,
  }
  const query = new URLSearchParams(
    Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined),
  )
  let url = `${party.base}/oauth/logout?${query}`
  let reply = await browser.send(url)
  for (let hops = 0; hops < 10; hops++) {
    const location = reply.headers.get('location')
    if (location !== null) {
      url = new URL(location, url).href
      if (url.startsWith(postLogout)) return url
      reply = await browser.send(url)
      continue
    }
    const form = parseForms(await reply.text()).find(({ action }) => action.includes('logout'))
    if (!form) return url
    url = new URL(form.action, url).href
    const sent = new URLSearchParams(form.fields.map(([name, value]) => [name, value]))
    for (const { name, value } of form.buttons) sent.set(name, value)
    reply = await browser.send(url, sent.toString())
  }
  throw new Error('the logout came to no end')
}

/** The next request with `prompt=none` finds nobody. */
async function assertLoggedOut({ party, browser }: Session): Promise<void> {
  const back = await redirected(party, browser, requestOf(party, { prompt: 'none' }))
  assert.equal(back.searchParams.get('error'), 'login_required')
}

/** Stays here, with an error or with the question whether to log out. */
async function assertStays(changes: Parameters): Promise<void> {
  const state = await session()
  const end = await logOut(state, changes)
  assert.ok(end.startsWith(state.party.base), end)
}

async function foreignHint({ party }: Session): Promise<string> {
  const claims = { iss: party.base, aud: party.id, sub: 'somebody' }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('5m')
    .sign(Buffer.alloc(32, 1))
}

const logoutChecks: readonly Check<undefined>[] = [
  [
    'oidcc-rp-initiated-logout',
    'leads back with the state, and the session is over',
    async () => {
      const state = await session()
      assert.equal(await logOut(state), `${postLogout}?state=${'e'.repeat(128)}`)
      await assertLoggedOut(state)
    },
  ],
  [
    'oidcc-rp-initiated-logout-no-state',
    'without a state back without one',
    async () => {
      const state = await session()
      assert.equal(await logOut(state, { state: undefined }), postLogout)
      await assertLoggedOut(state)
    },
  ],
  [
    'oidcc-rp-initiated-logout-bad-post-logout-redirect-uri',
    'an address that is not registered leads nowhere',
    () => assertStays({ post_logout_redirect_uri: 'https://evil.example/' }),
  ],
  [
    'oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri',
    'nor one with a query added',
    () => assertStays({ post_logout_redirect_uri: `${postLogout}?foo=bar` }),
  ],
  [
    'oidcc-rp-initiated-logout-modified-id-token-hint',
    'nor any with a hint that is unsigned',
    async () => {
      const state = await session()
      const id_token_hint = new UnsecuredJWT(state.claims).encode()
      assert.ok((await logOut(state, { id_token_hint })).startsWith(state.party.base))
    },
  ],
  [
    'oidcc-rp-initiated-logout-bad-id-token-hint',
    'or signed by somebody else',
    async () => {
      const state = await session()
      assert.ok(
        (await logOut(state, { id_token_hint: await foreignHint(state) })).startsWith(state.party.base),
      )
    },
  ],
  [
    'oidcc-rp-initiated-logout-no-id-token-hint',
    'or none at all',
    () => assertStays({ id_token_hint: undefined }),
  ],
  ...(
    [
      ['no-post-logout-redirect-uri', { post_logout_redirect_uri: undefined }],
      ['no-params', { id_token_hint: undefined, post_logout_redirect_uri: undefined, state: undefined }],
      ['only-state', { id_token_hint: undefined, post_logout_redirect_uri: undefined }],
    ] as const
  ).map(
    ([name, changes]): Check<undefined> => [
      `oidcc-rp-initiated-logout-${name}`,
      'ends the session and says so here',
      async () => {
        const state = await session()
        assert.ok((await logOut(state, changes)).startsWith(state.party.base))
        await assertLoggedOut(state)
      },
    ],
  ),
]

group('oidcc-rp-initiated-logout-certification-test-plan', async () => undefined, logoutChecks)
