/** Connecting a sign-in elsewhere with an account that is there: by whoever is signed in to both, and by nobody else. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Place, Surfer } from '../../fixtures/surfer.ts'
import { openReal, type RealWorld } from './real.ts'
import { local, signInAt, signInHere } from './world.ts'

const mails: { readonly to: string; readonly text: string }[] = []
let world: RealWorld
let close: () => Promise<void>

before(async () => {
  ;[world, close] = await openReal({ mailer: { send: async (mail) => void mails.push(mail) } })
})
after(() => close())

const linked = () => world.stores.identities.listOf(local.id)
const unlinked = { kind: 'sign-out', outcome: 'success', actor: {} } as const
const unlink = () => world.stores.identities.unlink(local.id, world.hospital.issuer, [], unlinked, 0)
const heading = (body: string) => /<h1>([^<]*)<\/h1>/.exec(body)?.[1]

/** Presses “Connect” and gives the page that leads on, with the address it leads to. */
async function connect(browser: Surfer, provider = 'hospital'): Promise<Place & { readonly next: string }> {
  const list = await browser.open('/account/providers')
  const page = await browser.press(list, `/account/providers/${provider}/link`)
  const [, href = ''] = /class="button button-primary" href="([^"]+)"/.exec(page.body) ?? []
  return { ...page, next: href.replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))) }
}

/** Goes on from there and signs in at the provider. */
async function goOn(browser: Surfer, next: string, login: string): Promise<Place> {
  // Else the provider asks first whether whoever was signed in there shall be signed out.
  browser.cookies.delete(new URL(next).origin)
  return browser.submit(await browser.open(next), { login })
}

test('a person who is signed in connects the two, signs in either way, and takes it apart again', async () => {
  const browser = world.browser()
  await signInHere(browser)
  const { next } = await connect(browser)
  const done = await goOn(browser, next, 'ada')
  assert.equal(done.url, 'http://localhost:8080/account/providers?done=linked')
  assert.equal(world.hospital.lastRequest().get('prompt'), 'login')
  assert.deepEqual(
    (await linked()).map(({ subject, manages }) => [subject, manages]),
    [['ada', false]],
  )
  const there = await signInAt(world.browser(), 'hospital', 'ada')
  // The name and the roles of an account that was there stay its own.
  assert.match(there.body, /Local Clinician/)
  const list = await browser.open('/account/providers')
  await browser.press(list, '/account/providers/hospital/unlink')
  assert.deepEqual(await linked(), [])
  const kinds = (await world.trail()).map(({ kind }) => kind)
  assert.deepEqual(
    kinds.filter((kind) => kind.startsWith('identity')),
    ['identity-linked', 'identity-unlinked'],
  )
  assert.equal((await signInAt(world.browser(), 'hospital', 'ada')).status, 403)
})

test('whoever has an address is told by mail when a sign-in elsewhere is connected, and when it is taken apart', async () => {
  const told = { kind: 'sign-out', outcome: 'success', actor: {} } as const
  await world.stores.credentials.setEmail(local, 'local@mail.example', told, world.now())
  const browser = world.browser()
  await signInHere(browser)
  await goOn(browser, (await connect(browser)).next, 'ada')
  await world.sendMail()
  const list = await browser.open('/account/providers')
  await browser.press(list, '/account/providers/hospital/unlink')
  await world.sendMail()
  assert.deepEqual(
    mails.map(({ to, text }) => [to, /(?:dis)?connected/.exec(text)?.[0]]),
    [
      ['local@mail.example', 'connected'],
      ['local@mail.example', 'disconnected'],
    ],
  )
  await world.stores.credentials.setEmail(local, undefined, told, world.now())
})

test('connecting and taking apart need the form of this browser: no other site can send it', async () => {
  const browser = world.browser()
  await signInHere(browser)
  for (const step of ['link', 'unlink']) {
    const place = await browser.open(`/account/providers/hospital/${step}`, { x: '1' })
    assert.equal(place.status, 403)
  }
  const nobody = await world.browser().open('/account/providers/hospital/link', { x: '1' })
  assert.equal(new URL(nobody.url).pathname, '/account/sign-in')
})

test('somebody who signed in a while ago signs in again first', async () => {
  const browser = world.browser()
  await signInHere(browser)
  const list = await browser.open('/account/providers')
  world.pass(16 * 60_000)
  const place = await browser.press(list, '/account/providers/hospital/link')
  world.pass(-16 * 60_000)
  assert.equal(new URL(place.url).pathname, '/account/sign-in')
  assert.match(new URL(place.url).search, /again=1/)
})

test('an attacker’s visit finished in the victim’s browser links nothing', async () => {
  const attacker = world.browser()
  await signInAt(attacker, 'hospital', 'wei')
  const victim = world.browser()
  await signInHere(victim)
  // The attacker starts, signs in at the provider, and has the victim open the answer.
  const start = await attacker.open('/account/providers/hospital/sign-in', undefined, world.hospital.issuer)
  const page = await attacker.open(start.url, undefined, 'http://localhost:8080')
  const answer =
    page.status === 0 ? page : await attacker.submit(page, { login: 'wei' }, 'http://localhost:8080')
  assert.equal((await victim.open(answer.url)).status, 400)
  assert.deepEqual(await linked(), [])
})

test('a link that was begun in one session does not end in another, also not in the same browser', async () => {
  const browser = world.browser()
  await signInHere(browser)
  const { next } = await connect(browser)
  // Somebody else signs in at that browser before the answer comes.
  await signInAt(browser, 'hospital', 'wei')
  const place = await goOn(browser, next, 'ada')
  assert.equal(place.status, 400)
  assert.deepEqual(await linked(), [])
  const gone = world.browser()
  await signInHere(gone)
  const later = await connect(gone)
  gone.cookies.get('http://localhost:8080')?.delete('chartkey_session')
  assert.equal((await goOn(gone, later.next, 'ada')).status, 400)
  assert.deepEqual(await linked(), [])
})

test('a link that is on its way while the password is set anew connects nothing', async () => {
  const browser = world.browser()
  await signInHere(browser)
  const { next } = await connect(browser)
  const { accounts, tickets, credentials } = world.stores
  const { find } = accounts
  const { passwordHash = '' } = (await find(local.id)) ?? assert.fail()
  const ticket = { purpose: 'reset', hash: 'link', accountId: local.id, data: '{}' } as const
  let isReset = false
  accounts.find = async (id) => {
    const found = await find(id)
    if (id !== local.id || isReset) return found
    isReset = true
    await tickets.add({ ...ticket, expiresAt: world.now() + 1000 })
    await credentials.resetPassword(id, passwordHash, { hash: ticket.hash, now: world.now() })
    return found
  }
  const place = await goOn(browser, next, 'ada').finally(() => {
    accounts.find = find
  })
  assert.equal(isReset, true)
  assert.equal(place.status, 400)
  assert.deepEqual(await linked(), [])
})

test('an identity that opens another account is not linked a second time', async () => {
  await signInAt(world.browser(), 'hospital', 'wei')
  const browser = world.browser()
  await signInHere(browser)
  const { next } = await connect(browser)
  const place = await goOn(browser, next, 'wei')
  assert.equal(place.status, 409)
  assert.equal(heading(place.body), 'This is connected already')
  assert.deepEqual(await linked(), [])
})

test('an account has one identity of a provider: a second one is refused', async () => {
  const browser = world.browser()
  await signInHere(browser)
  await goOn(browser, (await connect(browser)).next, 'ada')
  // The page offers no second connection: what it would send is sent all the same.
  const list = await browser.open('/account/providers')
  const place = await browser.open('/account/providers/hospital/link', {
    _csrf: /name="_csrf" value="([^"]+)"/.exec(list.body)?.[1] ?? '',
  })
  const [, href = ''] = /button-primary" href="([^"]+)"/.exec(place.body) ?? []
  const next = href.replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
  assert.equal((await goOn(browser, next, 'porter')).status, 409)
  assert.deepEqual(
    (await linked()).map(({ subject }) => subject),
    ['ada'],
  )
  await unlink()
})

test('a provider of patients is no way into a clinician’s account: not to connect, and not once it is connected', async () => {
  const browser = world.browser()
  await signInHere(browser)
  const { next } = await connect(browser, 'national')
  const place = await goOn(browser, next, 'amara')
  assert.equal(place.status, 403)
  assert.equal(heading(place.body), 'You cannot sign in this way')
  assert.deepEqual(await linked(), [])
  // A patient’s account that becomes a clinician’s is out of reach of the provider from then on.
  await signInAt(world.browser(), 'national', 'amara')
  const account = await world.stores.accounts.findByRecord('Patient/amara')
  assert.ok(account)
  const { id } = account
  await world.sql.write((tx) => tx.run('UPDATE identities SET manages = 0 WHERE account_id = ?', id))
  await world.sql.write((tx) =>
    tx.run('UPDATE accounts SET roles = ? WHERE id = ?', '["patient","admin"]', id),
  )
  assert.equal((await signInAt(world.browser(), 'national', 'amara')).status, 403)
})

test('the only way to sign in is not taken away', async () => {
  const browser = world.browser()
  await signInAt(browser, 'hospital', 'wei')
  const list = await browser.open('/account/providers')
  const place = await browser.press(list, '/account/providers/hospital/unlink')
  assert.equal(place.status, 409)
  assert.match(place.body, /only way you can sign in/)
  assert.match((await signInAt(world.browser(), 'hospital', 'wei')).body, /Dr Wei Lin/)
})

test('the last two ways to sign in are not taken away: not by two requests at once, and not one by one', async () => {
  const browser = world.browser()
  await signInAt(browser, 'hospital', 'wei')
  const identity = (await world.stores.identities.find(world.hospital.issuer, 'wei')) ?? assert.fail()
  const { accountId } = identity
  const passkey = { accountId, name: 'Phone', publicKey: 'key', counter: 0, transports: [], createdAt: 1 }
  await world.stores.passkeys.add({ ...passkey, id: 'k1' }, { id: accountId }, 9)
  const providers = await browser.open('/account/providers')
  const security = await browser.open('/account/security')
  await Promise.all([
    browser.press(providers, '/account/providers/hospital/unlink'),
    browser.press(security, '/account/security/passkeys/remove'),
  ])
  const ways = async () => [
    ...(await world.stores.identities.listOf(accountId)),
    ...(await world.stores.passkeys.listOf(accountId)),
  ]
  assert.equal((await ways()).length, 1)
  // Whichever it was: now the identity alone, then the passkey alone.
  await world.sql.write((tx) => tx.run('DELETE FROM passkeys WHERE account_id = ?', accountId))
  await world.stores.identities.link(identity, {}, unlinked, 0)
  const again = world.browser()
  await signInAt(again, 'hospital', 'wei')
  const list = await again.open('/account/providers')
  assert.equal((await again.press(list, '/account/providers/hospital/unlink')).status, 409)
  await world.stores.passkeys.add({ ...passkey, id: 'k2' }, { id: accountId }, 9)
  const page = await again.open('/account/security')
  await world.sql.write((tx) => tx.run('DELETE FROM identities WHERE account_id = ?', accountId))
  assert.match(
    (await again.press(page, '/account/security/passkeys/remove')).body,
    /only way you can sign in/,
  )
  assert.equal((await ways()).length, 1)
  await world.stores.identities.link(identity, {}, unlinked, 0)
})

test('a sign-in that must be fresh is not done by an old one at the provider', async () => {
  const browser = world.browser()
  const start = '/account/providers/hospital/sign-in?again=1&login_hint=wei&return_to=/account'
  const page = await browser.open(start)
  const asked = world.hospital.lastRequest()
  assert.deepEqual(
    ['prompt', 'max_age', 'login_hint', 'ui_locales'].map((name) => asked.get(name)),
    ['login', '0', 'wei', 'en'],
  )
  assert.match((await browser.submit(page, { login: 'wei' })).body, /Dr Wei Lin/)
  // Without the wish the provider’s own session does, and nobody types anything.
  assert.match((await browser.open(start.replace('again=1&', ''))).body, /Dr Wei Lin/)
})

test('what began at a provider ends when it is disconnected: every session, also those between two factors', async () => {
  const browser = world.browser()
  await signInHere(browser)
  const { next } = await connect(browser)
  await goOn(browser, next, 'ada')
  const elsewhere = world.browser()
  assert.match((await signInAt(elsewhere, 'hospital', 'ada')).body, /Sign-ins elsewhere|Your account/i)
  const began = (await world.stores.sessions.listOf(local.id)).filter(({ provider }) => provider)
  assert.equal(began.length, 1)
  const issuer = began[0]?.provider?.issuer ?? ''
  await world.stores.tickets.add({
    purpose: 'second-step',
    hash: 'waiting',
    accountId: local.id,
    data: '{}',
    expiresAt: world.now() + 60_000,
  })
  const list = await browser.open('/account/providers')
  await browser.press(list, '/account/providers/hospital/unlink')
  assert.equal(new URL((await elsewhere.open('/account')).url).pathname, '/account/sign-in')
  // Who came in here with the password stays.
  assert.equal(new URL((await browser.open('/account')).url).pathname, '/account')
  assert.equal(await world.stores.tickets.find('second-step', 'waiting', world.now()), undefined)
  // A sign-in that was on its way meanwhile comes too late.
  const late = { ...(began[0] ?? assert.fail()), id: 'late', secretHash: 'late' }
  assert.equal(await world.stores.sessions.add(late, local), false)
  assert.equal(late.provider?.issuer, issuer)
  assert.deepEqual(await linked(), [])
})
