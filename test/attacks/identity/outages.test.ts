/** Providers that are down, slow, changed or false from the start: nobody waits, nothing else stops working. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Faults, startFalseProvider } from './false-provider.ts'
import { openReal } from './real.ts'
import { createWorld, settingsOf, signInAt, signInHere } from './world.ts'

const heading = (body: string) => /<h1>([^<]*)<\/h1>/.exec(body)?.[1]

async function openWith(t: TestContext, faults: Faults) {
  const provider = await startFalseProvider({ sub: 'wei', npi: '1000000001', name: 'Dr Wei Lin' })
  provider.faults = faults
  const world = await createWorld([settingsOf('one', provider.issuer)], { requestLimit: 2000 })
  t.after(async () => {
    await world.close()
    await provider.close()
  })
  return { world, provider }
}

test('a provider that is down: the server is there, the page says what to do, other ways to sign in work', async (t) => {
  const [world, close] = await openReal()
  t.after(close)
  await world.hospital.stop()
  const browser = world.browser()
  const page = await browser.open('/account/sign-in?return_to=/account')
  assert.match(page.body, /Sign in with Provider hospital/)
  const place = await browser.open('/account/providers/hospital/sign-in?return_to=/account')
  assert.equal(place.status, 503)
  assert.equal(heading(place.body), 'Your organisation does not answer')
  assert.match((await signInHere(browser)).body, /Local Clinician/)
  // The other provider works as ever.
  assert.match((await signInAt(world.browser(), 'national', 'bea')).body, /Beatrice/)
})

test('a provider that was down is asked again after a while', async (t) => {
  const { world, provider } = await openWith(t, { metadata: (document) => delete document.jwks_uri })
  assert.equal((await world.browser().open('/account/providers/one/sign-in')).status, 503)
  provider.faults = {}
  // Not at once: nobody makes us ask it over and over.
  assert.equal((await world.browser().open('/account/providers/one/sign-in')).status, 503)
  world.pass(6_000)
  const there = await world.browser().open('/account/providers/one/sign-in', undefined, provider.issuer)
  assert.equal(new URL(there.url).pathname, '/auth')
})

const documents: readonly (readonly [what: string, change: (document: Record<string, unknown>) => void])[] = [
  ['of another issuer', (document) => Object.assign(document, { issuer: 'https://login.evil.example' })],
  [
    'with an address that is a script',
    (document) => Object.assign(document, { authorization_endpoint: 'javascript:alert(1)' }),
  ],
  ['with keys in a file', (document) => Object.assign(document, { jwks_uri: 'file:///etc/passwd' })],
  ['without a token endpoint', (document) => delete document.token_endpoint],
  [
    'with an end of sessions that is a script',
    (document) => Object.assign(document, { end_session_endpoint: 'javascript:alert(1)' }),
  ],
  ['larger than anybody needs', (document) => Object.assign(document, { padding: 'x'.repeat(600_000) })],
]

for (const [what, metadata] of documents)
  test(`a discovery document ${what} sends nobody anywhere`, async (t) => {
    const { world } = await openWith(t, { metadata })
    const place = await world.browser().open('/account/providers/one/sign-in')
    assert.equal(place.status, 503)
  })

test('keys that do not come: a page, soon, and no session', async (t) => {
  for (const jwks of [
    (response: import('node:http').ServerResponse) => void response.writeHead(200).write('{"keys":['),
    (response: import('node:http').ServerResponse) => void response.writeHead(500).end(),
    (response: import('node:http').ServerResponse) =>
      void response.writeHead(200).end(`{"keys":["${'x'.repeat(600_000)}"]}`),
  ]) {
    const { world, provider } = await openWith(t, { jwks })
    const browser = world.browser()
    const there = await browser.open('/account/providers/one/sign-in', undefined, provider.issuer)
    const place = await browser.open(provider.answerTo(there.url))
    assert.ok([403, 503].includes(place.status), String(place.status))
    assert.equal(browser.cookie('chartkey_session'), undefined)
  }
})

test('key rotation: a provider that signs with a new key from now on is believed at once, an old key no longer', async (t) => {
  const [world, close] = await openReal()
  t.after(close)
  assert.match((await signInAt(world.browser(), 'hospital', 'wei')).body, /Dr Wei Lin/)
  world.hospital.rotateKeys()
  assert.match((await signInAt(world.browser(), 'hospital', 'wei')).body, /Dr Wei Lin/)
  world.hospital.rotateKeys()
  assert.match((await signInAt(world.browser(), 'hospital', 'wei')).body, /Dr Wei Lin/)
})

test('what a provider says of strength counts as the configuration says, and nothing else does', async (t) => {
  const hospital = { methods: { mfa: ['mfa', 'otp'], 'urn:hospital:card': ['hwk'] } }
  const [world, close] = await openReal({ hospital, amr: ['mfa', 'hwk', 'face'], acr: 'urn:hospital:other' })
  t.after(close)
  await signInAt(world.browser(), 'hospital', 'wei')
  const account = await world.stores.accounts.findByRecord('Practitioner/lin')
  const [session] = await world.stores.sessions.listOf(account?.id ?? '')
  assert.deepEqual(session?.methods, ['fed', 'mfa', 'otp'])
  assert.equal(session?.provider?.issuer, world.hospital.issuer)
})

test('a second factor that is wanted is asked for here, where the provider does not vouch for one', async (t) => {
  const [world, close] = await openReal({ hospital: { methods: { mfa: ['mfa'] } } })
  t.after(close)
  const browser = world.browser()
  const door = await browser.open('/account/sign-in?second_factor=required&return_to=/account')
  const [, href = ''] = /href="(\/account\/providers\/hospital\/sign-in[^"]*)"/.exec(door.body) ?? []
  const address = href.replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
  assert.match(address, /second_factor=required/)
  const place = await browser.submit(await browser.open(address), { login: 'wei' })
  assert.equal(new URL(place.url).pathname, '/account/second-step/set-up')
  assert.equal(browser.cookie('chartkey_session'), undefined)
})
