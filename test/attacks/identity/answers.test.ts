/** What a provider, or somebody in its name, may answer, and how none of it signs anybody in. */
import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, before, test } from 'node:test'
import type { JWTPayload } from 'jose'
import { type FalseProvider, type Faults, startFalseProvider } from './false-provider.ts'
import { baseUrl, createWorld, settingsOf, type World } from './world.ts'

let provider: FalseProvider
let other: FalseProvider
let world: World

before(async () => {
  provider = await startFalseProvider({ sub: 'wei', npi: '1000000001', name: 'Dr Wei Lin' })
  other = await startFalseProvider({ sub: 'wei', npi: '1000000002', name: 'Not Wei' })
  world = await createWorld([settingsOf('one', provider.issuer), settingsOf('two', other.issuer)], {
    requestLimit: 2000,
  })
})
after(async () => {
  await world.close()
  await provider.close()
  await other.close()
})

/** Goes to a provider and comes back with what it answers, in one browser. */
async function visit(faults: Faults, id = 'one', from = provider) {
  from.faults = faults
  const browser = world.browser()
  const there = await browser.open(`/account/providers/${id}/sign-in`, undefined, from.issuer)
  const place = there.status === 0 ? await browser.open(from.answerTo(there.url)) : there
  from.faults = {}
  return { browser, place }
}

async function isSignedIn(browser: { open(url: string): Promise<{ body: string }> }): Promise<boolean> {
  const { body } = await browser.open('/account')
  return /Dr Wei Lin|Not Wei/.test(body)
}

/** Of a sign-in that is refused: the status of the page; nobody is signed in, and no account is made. */
async function refused(faults: Faults): Promise<number> {
  const before = (await world.stores.accounts.list()).length
  const { browser, place } = await visit(faults)
  assert.equal(await isSignedIn(browser), false)
  assert.equal((await world.stores.accounts.list()).length, before)
  assert.equal(browser.cookie('chartkey_session'), undefined)
  assert.doesNotMatch(place.body, /code-\d|chartkey_visit/)
  return place.status
}

const with_ = (change: JWTPayload) => ({ claims: (claims: JWTPayload) => ({ ...claims, ...change }) })
const without = (name: string) => ({
  claims: (claims: JWTPayload) => Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name)),
})
const now = () => Math.floor(Date.now() / 1000)
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

const tokens: readonly (readonly [what: string, make: () => Faults | Promise<Faults>])[] = [
  ['with the nonce of another visit', () => with_({ nonce: 'x'.repeat(43) })],
  ['without a nonce', () => without('nonce')],
  ['of another issuer', () => with_({ iss: 'https://login.evil.example' })],
  ['of an issuer with a slash more', () => with_({ iss: `${provider.issuer}/` })],
  ['of the other provider that is configured', () => with_({ iss: other.issuer })],
  ['without an issuer', () => without('iss')],
  ['for another client', () => with_({ aud: 'another-client' })],
  ['for several clients without azp', () => with_({ aud: ['chartkey', 'another-client'] })],
  [
    'for several clients and authorized for another',
    () => with_({ aud: ['chartkey', 'other'], azp: 'other' }),
  ],
  ['without an audience', () => without('aud')],
  ['that is over', () => with_({ iat: now() - 1000, exp: now() - 100 })],
  ['without an end', () => without('exp')],
  ['that is not valid yet', () => with_({ nbf: now() + 1000 })],
  ['with an at_hash of another access token', () => with_({ at_hash: 'aaaaaaaaaaaaaaaaaaaaaa' })],
  ['without a subject', () => without('sub')],
  ['with an empty subject', () => with_({ sub: '' })],
  ['with a subject of 300 characters', () => with_({ sub: 'x'.repeat(300) })],
  ['with a subject that is a list', () => with_({ sub: ['wei'] as unknown as string })],
  ['with a time of sign-in that is a text', () => with_({ auth_time: 'now' })],
  ['signed by a key that the provider does not publish', () => ({ strangeKey: true })],
  ['that is unsigned', () => ({ idToken: `${encode({ alg: 'none' })}.${encode({ sub: 'wei' })}.` })],
  ['that is no token', () => ({ idToken: 'not.a.token' })],
  ['that is larger than anybody needs', () => with_({ padding: 'x'.repeat(100_000) })],
  [
    'signed with our own client secret, of which the provider is not the only owner',
    async () => {
      const { SignJWT } = await import('jose')
      const claims = { iss: provider.issuer, aud: 'chartkey', sub: 'wei', iat: now(), exp: now() + 300 }
      const key = new TextEncoder().encode('a secret of these providers')
      return { idToken: await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(key) }
    },
  ],
]

for (const [what, make] of tokens)
  test(`an ID token ${what} signs nobody in`, async () => {
    assert.equal(await refused(await make()), 403)
  })

const reply =
  (status: number, body: string, type = 'application/json') =>
  (_: unknown, response: ServerResponse) => {
    response.writeHead(status, { 'content-type': type }).end(body)
  }

const failures: readonly (readonly [what: string, status: number, faults: Faults])[] = [
  ['says the code is wrong', 403, { token: reply(400, '{"error":"invalid_grant"}') }],
  ['does not know our secret', 503, { token: reply(401, '{"error":"invalid_client"}') }],
  [
    'does not know our secret, and says so as RFC 6749 §5.2 asks for the secret in the header',
    503,
    {
      token: (_, response) =>
        void response
          .writeHead(401, {
            'content-type': 'application/json',
            'www-authenticate': 'Basic realm="provider"',
          })
          .end('{"error":"invalid_client"}'),
    },
  ],
  ['fails', 503, { token: reply(500, 'oops', 'text/plain') }],
  ['answers with a page', 503, { token: reply(200, '<html>', 'text/html') }],
  ['never ends its answer', 503, { token: (_, response) => void response.writeHead(200).write('{') }],
  ['never begins its answer', 503, { token: () => {} }],
  ['answers with more than anybody needs', 503, { token: reply(200, `{"a":"${'x'.repeat(600_000)}"}`) }],
  [
    'sends us elsewhere',
    503,
    { token: (_, response) => void response.writeHead(307, { location: `${'http://127.0.0.1:9'}/` }).end() },
  ],
  ['gives no ID token', 403, { token: reply(200, '{"access_token":"at","token_type":"Bearer"}') }],
]

for (const [what, status, faults] of failures)
  test(`a token endpoint that ${what} leads to a page, soon, and to no session`, async () => {
    assert.equal(await refused(faults), status)
  })

const answers: readonly (readonly [
  what: string,
  status: number,
  answer: (query: URLSearchParams) => void,
])[] = [
  ['without the issuer that the provider has promised to name', 403, (query) => query.delete('iss')],
  ['in the name of another issuer', 403, (query) => query.set('iss', 'https://login.evil.example')],
  ['with two codes', 403, (query) => query.append('code', 'code-0')],
  ['without a code', 403, (query) => query.delete('code')],
  ['with another state', 400, (query) => query.set('state', 's'.repeat(43))],
  ['without a state', 400, (query) => query.delete('state')],
  ['with two states', 400, (query) => query.append('state', query.get('state') ?? '')],
  ['that is a refusal', 403, (query) => query.set('error', 'access_denied')],
  ['with a code longer than any', 400, (query) => query.set('code', 'x'.repeat(20_000))],
  [
    'that holds an ID token instead',
    403,
    (query) => {
      query.delete('code')
      query.set('id_token', 'a.b.c')
    },
  ],
]

for (const [what, status, answer] of answers)
  test(`an answer ${what} is refused`, async () => {
    assert.equal(await refused({ answer }), status)
  })

test('claims of another person from userinfo are not this person’s', async () => {
  const faults = { ...without('npi'), userinfo: { sub: 'somebody else', npi: '1000000001' } }
  assert.equal(await refused(faults), 403)
})

test('a correct answer signs in: what is refused above is refused for what is wrong with it', async () => {
  const { browser, place } = await visit({})
  assert.equal(place.status, 200)
  assert.equal(await isSignedIn(browser), true)
})

test('claims that the ID token leaves out come from userinfo', async () => {
  const { browser } = await visit({ ...without('npi'), userinfo: { npi: '1000000001' } })
  assert.equal(await isSignedIn(browser), true)
})

test('mix-up: an answer of one provider at the callback of another is nobody’s, whichever of the two is false', async () => {
  const browser = world.browser()
  const there = await browser.open('/account/providers/one/sign-in', undefined, provider.issuer)
  const stolen = new URL(provider.answerTo(there.url))
  const asked = other.tokenRequests.length + provider.tokenRequests.length
  const place = await browser.open(`/account/providers/two/callback${stolen.search}`)
  assert.equal(place.status, 400)
  // Neither saw the code of the other, and the visit is over.
  assert.equal(other.tokenRequests.length + provider.tokenRequests.length, asked)
  assert.equal((await browser.open(stolen.href)).status, 400)
  assert.equal(await isSignedIn(browser), false)
})

test('login CSRF: an answer that somebody else’s browser has fetched does nothing in this one', async () => {
  const attacker = world.browser()
  const there = await attacker.open('/account/providers/one/sign-in', undefined, provider.issuer)
  const answer = provider.answerTo(there.url)
  const victim = world.browser()
  assert.equal((await victim.open(answer)).status, 400)
  // Nor in one that is on the way to the same provider itself.
  await victim.open('/account/providers/one/sign-in', undefined, provider.issuer)
  assert.equal((await victim.open(answer)).status, 400)
  assert.equal(await isSignedIn(victim), false)
  // It did not cost the one whose answer it is anything.
  assert.equal((await attacker.open(answer)).status, 200)
  assert.equal(await isSignedIn(attacker), true)
})

test('an answer is taken once, also when it comes twice at the same time', async () => {
  const browser = world.browser()
  const there = await browser.open('/account/providers/one/sign-in', undefined, provider.issuer)
  const answer = provider.answerTo(there.url)
  const cookie = `chartkey_visit=${browser.cookie('chartkey_visit')}`
  const { pathname, search } = new URL(answer)
  const asked = provider.tokenRequests.length
  const ask = () => world.app.inject({ url: pathname + search, headers: { cookie } })
  const statuses = (await Promise.all([ask(), ask(), ask(), ask()])).map(({ status }) => status)
  assert.deepEqual(statuses.sort(), [303, 400, 400, 400])
  assert.equal((await ask()).status, 400)
  assert.equal(provider.tokenRequests.length, asked + 1)
})

test('an answer that comes too late is refused', async () => {
  const browser = world.browser()
  const there = await browser.open('/account/providers/one/sign-in', undefined, provider.issuer)
  world.pass(16 * 60_000)
  const place = await browser.open(provider.answerTo(there.url))
  world.pass(-16 * 60_000)
  assert.equal(place.status, 400)
})

test('the verifier of PKCE and the nonce are in nobody’s hands but the browser’s: the store and the request do not give them', async () => {
  const browser = world.browser()
  const there = new URL(
    (await browser.open('/account/providers/one/sign-in', undefined, provider.issuer)).url,
  )
  assert.equal(there.searchParams.get('code_challenge_method'), 'S256')
  assert.equal(there.searchParams.get('redirect_uri'), `${baseUrl}/account/providers/one/callback`)
  const rows = JSON.stringify(await world.sql.all('SELECT * FROM visits'))
  for (const name of ['state', 'nonce', 'code_challenge'])
    assert.ok(!rows.includes(there.searchParams.get(name) ?? ''), name)
  assert.ok(!rows.includes(browser.cookie('chartkey_visit') ?? ''))
  await browser.open(provider.answerTo(there.href))
  const verifier = provider.tokenRequests.at(-1)?.get('code_verifier') ?? ''
  assert.equal(verifier.length, 43)
  assert.ok(!rows.includes(verifier))
})

test('who comes without a time of sign-in is let in, but has proved nothing just now: no way in is added', async () => {
  const { browser } = await visit({})
  assert.equal(new URL((await browser.open('/account/security')).url).pathname, '/account/security')
  const { browser: other } = await visit(without('auth_time'))
  assert.equal(await isSignedIn(other), true)
  const place = await other.open('/account/security')
  assert.equal(new URL(place.url).pathname, '/account/sign-in')
  assert.match(new URL(place.url).search, /again=1/)
})

const times: readonly (readonly [what: string, auth_time: number])[] = [
  ['with a fraction', Date.now() / 1000 + 0.123_456_7],
  ['that is still to come', 1e300],
]

for (const [what, auth_time] of times)
  test(`a time of sign-in ${what} is a time: who comes with it is let in`, async () => {
    const { browser, place } = await visit(with_({ auth_time }))
    assert.equal(place.status, 200)
    assert.equal(await isSignedIn(browser), true)
  })

test('OIDC Core §3.1.3.7: who signed in there longer ago than a session lasts is asked there anew, once', async () => {
  const day = 24 * 60 * 60
  provider.faults = with_({ auth_time: now() - day })
  const browser = world.browser()
  const start = '/account/providers/one/sign-in?return_to=/account?x=1'
  const there = await browser.open(start, undefined, provider.issuer)
  const again = await browser.open(provider.answerTo(there.url), undefined, provider.issuer)
  assert.equal(browser.cookie('chartkey_session'), undefined)
  const asked = new URL(again.url).searchParams
  assert.deepEqual([asked.get('prompt'), asked.get('max_age')], ['login', '0'])
  // One that does not ask them is not believed.
  const place = await browser.open(provider.answerTo(again.url))
  assert.equal(place.status, 403)
  const second = await browser.open(start, undefined, provider.issuer)
  const anew = await browser.open(provider.answerTo(second.url), undefined, provider.issuer)
  provider.faults = {}
  const done = await browser.open(provider.answerTo(anew.url))
  assert.equal(done.url, `${baseUrl}/account?x=1`)
  assert.equal(await isSignedIn(browser), true)
})

test('who is to sign in anew is not let in by an answer that does not say when they did', async () => {
  const browser = world.browser()
  const start = '/account/providers/one/sign-in?again=1'
  provider.faults = without('auth_time')
  const there = await browser.open(start, undefined, provider.issuer)
  const place = await browser.open(provider.answerTo(there.url))
  provider.faults = {}
  assert.equal(place.status, 403)
  assert.equal(await isSignedIn(browser), false)
})
