/** OpenID conformance suite, plan «Basic OP» (and «Form Post Basic OP»): static clients, response type `code`. */
import assert from 'node:assert/strict'
import { decodeProtectedHeader } from 'jose'
import type { Visitor } from '../../fixtures/visitor.ts'
import { askFhir, get, jsonOf, postForm } from './fixture/asked.ts'
import { type Check, group } from './fixture/group.ts'
import {
  askToken,
  callback,
  finish,
  type RelyingParty,
  redirected,
  registerParty,
  requestOf,
  signIn,
  signInSilently,
  userinfo,
} from './fixture/relying-party.ts'
import { patient, useSandbox } from './fixture/sandbox.ts'

// Without a page somebody is signed in by what they decided before.
const house = useSandbox(undefined, { remembers: true })

/** A client, and a new browser for each check: the suite asks for its cookies to be removed. */
interface Op {
  readonly party: RelyingParty
  readonly visitor: () => Visitor
}

const SECOND = 1000

async function openOp(): Promise<Op> {
  const party = await registerParty(house())
  return { party, visitor: () => patient(party.base) }
}

/** Requests that differ from the plain one by parameters which must not cause an error. */
const harmless: readonly (readonly [string, string, Readonly<Record<string, string | undefined>>])[] = [
  ['oidcc-server', 'the plain request', {}],
  ['oidcc-ensure-request-without-nonce-succeeds-for-code-flow', 'no nonce', { nonce: undefined }],
  [
    'oidcc-alternate-happy-flow',
    'parameters and scopes in another order',
    { scope: 'profile openid', client_id: undefined },
  ],
  ['oidcc-display-page', 'display=page', { display: 'page' }],
  ['oidcc-display-popup', 'display=popup', { display: 'popup' }],
  ['oidcc-ensure-request-with-unknown-parameter-succeeds', 'a parameter of nobody', { extra: 'foobar' }],
  ['oidcc-login-hint', 'login_hint', { login_hint: 'buffy@ehr.example' }],
  ['oidcc-ui-locales', 'ui_locales', { ui_locales: 'se' }],
  ['oidcc-claims-locales', 'claims_locales', { claims_locales: 'se' }],
  [
    'oidcc-claims-essential',
    'the claims parameter, which is not supported',
    { claims: '{"userinfo":{"name":{"essential":true}}}' },
  ],
  ['oidcc-scope-profile', 'the scope profile', { scope: 'openid profile' }],
]

type Changes = Readonly<Record<string, string | undefined>>

/** The same checks for each way in which the answer comes back. */
const harmlessChecks = (mode: Changes): readonly Check<Op>[] =>
  harmless.map(([id, what, changes]) => [
    id,
    `${what}: a code, an ID token and UserInfo`,
    async ({ party, visitor }) => {
      const all = { ...changes, ...mode }
      const { back, tokens, claims, request } =
        'client_id' in all
          ? await signInReordered(party, visitor(), all)
          : await signIn(party, visitor(), all)
      assert.equal(back.searchParams.get('state'), request.get('state'))
      assert.equal(back.searchParams.get('iss'), party.base)
      assert.ok((back.searchParams.get('code')?.length ?? 0) >= 22)
      assert.ok(tokens.expires_in > 0)
      assert.equal(jsonOf(await userinfo(party, tokens.access_token)).sub, claims.sub)
    },
  ])

/** `client_id` stands last. */
async function signInReordered(party: RelyingParty, visitor: Visitor, changes: Changes) {
  const request = requestOf(party, changes)
  request.append('client_id', party.id)
  const back = new URL(await visitor.follow(`${party.base}/oauth/authorize?${request}`, callback))
  return finish(party, request, back)
}

const requestChecks: readonly Check<Op>[] = [
  [
    'oidcc-response-type-missing',
    'no response type is told to the client',
    async ({ party, visitor }) => {
      const back = await redirected(party, visitor(), requestOf(party, { response_type: undefined }))
      assert.ok(
        ['unsupported_response_type', 'invalid_request'].includes(back.searchParams.get('error') ?? ''),
      )
      assert.equal(back.searchParams.get('code'), null)
    },
  ],
  [
    'oidcc-ensure-registered-redirect-uri',
    'another redirect URI is told on a page, and nobody is sent there',
    async ({ party, visitor }) => {
      const request = requestOf(party, { redirect_uri: `${callback}a1b2c3` })
      const reply = await visitor().send(`${party.base}/oauth/authorize?${request}`)
      assert.deepEqual([reply.status, reply.headers.get('location')], [400, null])
      assert.match(await reply.text(), /redirect/i)
    },
  ],
  [
    'oidcc-ensure-post-request-succeeds',
    'the request may be a POST',
    async ({ party, visitor }) => {
      const request = requestOf(party)
      const back = await visitor().follow(`${party.base}/oauth/authorize`, callback, request.toString())
      assert.ok((await finish(party, request, new URL(back))).claims.sub)
    },
  ],
  [
    'oidcc-ensure-request-with-valid-pkce-succeeds',
    'with PKCE, too',
    async ({ party, visitor }) => {
      const verifier = 'a-verifier-of-these-tests-that-has-more-than-43-characters'
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
      const code_challenge = Buffer.from(digest).toString('base64url')
      const changes = { code_challenge, code_challenge_method: 'S256' }
      assert.ok((await signIn(party, visitor(), changes, { code_verifier: verifier })).claims.sub)
    },
  ],
  [
    'oidcc-ensure-request-with-acr-values-succeeds',
    'every published acr value at once succeeds, and one of them is told',
    async ({ party, visitor }) => {
      const { acr_values_supported } = jsonOf(await get(`${party.base}/.well-known/openid-configuration`))
      const { claims } = await signIn(party, visitor(), { acr_values: acr_values_supported.join(' ') })
      assert.ok(acr_values_supported.includes(claims.acr))
    },
  ],
  [
    'oidcc-server-client-secret-post',
    'client_secret_post authenticates',
    async ({ visitor }) => {
      const other = await registerParty(house(), 'client_secret_post')
      assert.ok((await signIn(other, visitor())).claims.sub)
    },
  ],
]

const tokenChecks: readonly Check<Op>[] = [
  [
    'oidcc-idtoken-signature',
    'the ID token is RS256, by a key that its kid names',
    async ({ party, visitor }) => {
      const { tokens } = await signIn(party, visitor())
      const { alg, kid } = decodeProtectedHeader(tokens.id_token)
      assert.deepEqual([alg, typeof kid], ['RS256', 'string'])
    },
  ],
  [
    'oidcc-userinfo-get, oidcc-userinfo-post-header, oidcc-userinfo-post-body',
    'UserInfo is JSON by GET, by POST, and with the token in the form',
    async ({ party, visitor }) => {
      const { tokens, claims } = await signIn(party, visitor(), { scope: 'openid profile' })
      const url = `${party.base}/oauth/userinfo`
      const bearer = { authorization: `Bearer ${tokens.access_token}` }
      const replies = [
        await userinfo(party, tokens.access_token),
        await postForm(url, {}, bearer),
        await postForm(url, { access_token: tokens.access_token }),
      ]
      for (const reply of replies) {
        assert.match(reply.headers.get('content-type') ?? '', /^application\/json/)
        const told = jsonOf(reply)
        assert.equal(told.sub, claims.sub)
        assert.ok(URL.canParse(told.profile) && typeof told.name === 'string')
      }
    },
  ],
  [
    'oidcc-codereuse, oidcc-codereuse-30seconds',
    'a code works once; the second use ends what the first one gave',
    async ({ party, visitor }) => {
      const { back, tokens } = await signIn(party, visitor())
      house().pass(30 * SECOND)
      const form = {
        grant_type: 'authorization_code',
        code: back.searchParams.get('code') ?? '',
        redirect_uri: callback,
      }
      const reply = await askToken(party, form)
      assert.match(reply.headers.get('content-type') ?? '', /^application\/json/)
      assert.equal(jsonOf(reply, 400).error, 'invalid_grant')
      assert.equal((await userinfo(party, tokens.access_token)).status, 401)
    },
  ],
  [
    'oidcc-refresh-token',
    'a refresh gives the same subject again, and another client gets nothing for it',
    async ({ party, visitor }) => {
      const changes = { scope: 'openid offline_access', prompt: 'consent' }
      const { tokens, claims } = await signIn(party, visitor(), changes)
      const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }
      const reply = await askToken(party, { ...form, scope: changes.scope })
      assert.match(reply.headers.get('cache-control') ?? '', /no-store/)
      const next = jsonOf(reply)
      assert.notEqual(next.access_token, tokens.access_token)
      assert.equal(jsonOf(await userinfo(party, next.access_token)).sub, claims.sub)
      const other = await registerParty(house())
      const stolen = await askToken(other, { ...form, refresh_token: next.refresh_token })
      assert.equal(jsonOf(stolen, 400).error, 'invalid_grant')
    },
  ],
]

/** What is so of every token that was got without `aud`. */
const reachCheck: Check<Op> = [
  'without aud',
  'the token opens nothing at the FHIR server',
  async ({ party, visitor }) => {
    const { tokens } = await signIn(party, visitor(), { scope: 'openid profile offline_access' })
    for (const path of ['Patient/amara', 'Patient', 'Observation?patient=amara', 'Practitioner/dr-lin'])
      assert.equal((await askFhir(`${party.base}/fhir/${path}`, tokens.access_token)).status, 403, path)
  },
]

const again: readonly Check<Op>[] = [
  [
    'oidcc-prompt-login',
    'prompt=login asks for the password again',
    async ({ party, visitor }) => {
      const browser = visitor()
      const first = await signIn(party, browser)
      house().pass(2 * SECOND)
      const second = await signIn(party, browser, { prompt: 'login' })
      assert.ok(Number(second.claims.auth_time) > Number(first.claims.auth_time))
      assert.equal(second.claims.sub, first.claims.sub)
    },
  ],
  [
    'oidcc-max-age-1',
    'so does a sign-in that is too old',
    async ({ party, visitor }) => {
      const browser = visitor()
      const first = await signIn(party, browser)
      house().pass(2 * SECOND)
      const second = await signIn(party, browser, { max_age: '1' })
      assert.ok(Number(second.claims.auth_time) > Number(first.claims.auth_time))
    },
  ],
  [
    'oidcc-max-age-10000',
    'one that is recent enough does not',
    async ({ party, visitor }) => {
      const browser = visitor()
      const first = await signIn(party, browser, { max_age: '15000' })
      house().pass(2 * SECOND)
      const second = await signIn(party, browser, { max_age: '10000' })
      assert.equal(typeof first.claims.auth_time, 'number')
      assert.deepEqual(
        [second.claims.auth_time, second.claims.sub],
        [first.claims.auth_time, first.claims.sub],
      )
    },
  ],
  [
    'oidcc-prompt-none-not-logged-in',
    'prompt=none without a session is an error that says so, with the whole state',
    async ({ party, visitor }) => {
      const request = requestOf(party, { prompt: 'none', state: 's'.repeat(128) })
      const back = await redirected(party, visitor(), request)
      assert.equal(back.searchParams.get('error'), 'login_required')
      assert.equal(back.searchParams.get('state'), request.get('state'))
      assert.equal(back.searchParams.get('code'), null)
    },
  ],
  [
    'oidcc-prompt-none-logged-in, oidcc-id-token-hint',
    'with one it succeeds without a page, with a hint as well',
    async ({ party, visitor }) => {
      const browser = visitor()
      const first = await signIn(party, browser)
      for (const hint of [undefined, first.tokens.id_token]) {
        const silent = await signInSilently(party, browser, { prompt: 'none', id_token_hint: hint })
        assert.deepEqual(
          [silent.claims.auth_time, silent.claims.sub],
          [first.claims.auth_time, first.claims.sub],
        )
      }
    },
  ],
]

/** What the suite skips, because the discovery document says that it is not there. */
const skipped: readonly Check<Op>[] = [
  [
    'oidcc-scope-email, -address, -phone, -all',
    'are skipped: the scopes are not published',
    async ({ party }) => {
      const { scopes_supported } = jsonOf(await get(`${party.base}/.well-known/openid-configuration`))
      for (const scope of ['email', 'address', 'phone']) assert.ok(!scopes_supported.includes(scope), scope)
    },
  ],
  [
    'oidcc-idtoken-unsigned, oidcc-unsigned-request-object…, oidcc-request-uri-unsigned…, oidcc-ensure-request-object-with-redirect-uri',
    'are skipped: nothing unsigned is published',
    async ({ party }) => {
      const config = jsonOf(await get(`${party.base}/.well-known/openid-configuration`))
      assert.ok(!config.id_token_signing_alg_values_supported.includes('none'))
      assert.ok(!config.request_object_signing_alg_values_supported.includes('none'))
    },
  ],
]

group('oidcc-basic-certification-test-plan', openOp, [
  ...harmlessChecks({}),
  ...requestChecks,
  ...tokenChecks,
  reachCheck,
  ...again,
  ...skipped,
])

group('oidcc-formpost-basic-certification-test-plan', openOp, [
  ...harmlessChecks({ response_mode: 'form_post' }),
  [
    'oidcc-response-type-missing',
    'the error is posted, too',
    async ({ party, visitor }) => {
      const request = requestOf(party, { response_type: undefined, response_mode: 'form_post' })
      const back = await visitor().follow(`${party.base}/oauth/authorize?${request}`, callback)
      assert.equal(new URL(back).searchParams.get('error'), 'invalid_request')
    },
  ],
])
