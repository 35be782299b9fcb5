/**
 * Sign-ins that are on their way while the password is changed or the account disabled: what was proved before opens nothing
 * after, however the person proved it.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { hashRecoveryCode } from '../../../src/identity/second-factor/recovery-codes.ts'
import { createPasskey } from '../../fixtures/authenticator.ts'
import { createWorld, type World } from '../../fixtures/identity-world.ts'
import { codeAt, enrol, pass, password, person, recoveryCodesOf, signedIn } from './people.ts'

/** Between the proof and the session. */
const between: { now?: (() => Promise<unknown>) | undefined } = {}

async function openWorld(): Promise<World> {
  return createWorld([await person('amara')], {
    async meanwhile({ action }) {
      const act = between.now
      if (action !== 'signed-in' || !act) return
      between.now = undefined
      await act()
    },
  })
}

/** By a link that was mailed, as a helpless owner does it. */
async function changePassword({ stores, clock }: World): Promise<void> {
  const link = { purpose: 'reset', hash: 'link', data: '{}', expiresAt: clock.now + 1 } as const
  await stores.tickets.add({ ...link, accountId: 'user_amara' })
  const done = await stores.credentials.resetPassword('user_amara', 'new', { hash: 'link', now: clock.now })
  assert.equal(done, true)
}

const endings: Readonly<Record<string, (world: World) => Promise<void>>> = {
  'the password is changed': changePassword,
  'the account is disabled': (world) => world.disable('user_amara'),
}

async function optionsFor(browser: ReturnType<World['browser']>, purpose: string) {
  return JSON.parse((await browser.post('/account/passkey/options', { purpose })).body) as {
    challenge: string
    user?: { id: string }
  }
}

/** Each makes ready, and gives the request that signs in. */
const ways: Readonly<
  Record<string, (world: World, browser: ReturnType<World['browser']>) => Promise<() => Promise<unknown>>>
> = {
  'a password': async (_world, browser) => () =>
    browser.post('/account/sign-in', { username: 'amara', password }),
  'a second factor': async (world, browser) => {
    const { secret } = await enrol(world, await signedIn(world, 'amara'))
    pass(world)
    await browser.post('/account/sign-in', { username: 'amara', password })
    const code = codeAt(secret, world.clock.now)
    return () => browser.post('/account/second-step', { code }, '/account/second-step')
  },
  'a passkey': async (world, browser) => {
    const own = await signedIn(world, 'amara')
    const passkey = createPasskey(await optionsFor(own, 'register'))
    const form = { credential: passkey.created, name: 'Phone' }
    await own.post('/account/security/passkeys', form, '/account/security')
    const credential = passkey.sign(await optionsFor(browser, 'sign-in'))
    return () => browser.post('/account/passkey/sign-in', { credential, return_to: '/ehr' })
  },
}

for (const [way, prepare] of Object.entries(ways))
  for (const [what, end] of Object.entries(endings))
    test(`${what} while somebody signs in with ${way}: no session begins, and it is on record`, async () => {
      const world = await openWorld()
      const thief = world.browser('192.0.2.66')
      const signIn = await prepare(world, thief)
      // The owner's own session is among those that are ended.
      between.now = () => end(world)
      await signIn()
      assert.equal(between.now, undefined, 'it happened between the proof and the session')
      assert.equal(thief.cookies.chartkey_session, undefined)
      const { action, detail } = world.events.at(-1) ?? {}
      assert.deepEqual([action, detail], ['sign-in-failed', 'overtaken'])
      if (what === 'the password is changed')
        assert.deepEqual(await world.stores.sessions.listOf('user_amara'), [])
      assert.equal(await world.whoIs(thief.cookies), 'nobody')
    })

test('a sign-in that comes to its second step after the password was changed is at an end', async () => {
  const world = await openWorld()
  const { secret } = await enrol(world, await signedIn(world, 'amara'))
  pass(world)
  const thief = world.browser('192.0.2.66')
  const { add } = world.stores.tickets
  world.stores.tickets.add = async (ticket) => {
    if (ticket.purpose === 'second-step') {
      world.stores.tickets.add = add
      await changePassword(world)
    }
    await add(ticket)
  }
  const reply = await thief.post('/account/sign-in', { username: 'amara', password })
  assert.match(reply.headers.location ?? '', /^\/account\/second-step/)
  const code = codeAt(secret, world.clock.now)
  const second = await thief.post('/account/second-step', { code }, '/account/second-step')
  assert.equal(second.headers.location, '/account/sign-in')
  assert.equal(await world.whoIs(thief.cookies), 'nobody')
  assert.deepEqual(await world.stores.sessions.listOf('user_amara'), [])
})

test('who changes the password in a session that a reset ends meanwhile changes nothing', async () => {
  const world = await openWorld()
  const thief = await signedIn(world, 'amara', '192.0.2.66')
  const { changePassword: change } = world.stores.credentials
  world.stores.credentials.changePassword = async (...how) => {
    await changePassword(world)
    return change(...how)
  }
  const form = { current_password: password, new_password: 'what the thief wants' }
  await thief.post('/account/security/password', form, '/account/security')
  assert.equal((await world.stores.accounts.find('user_amara'))?.passwordHash, 'new')
  assert.equal(await world.whoIs(thief.cookies), 'nobody')
})

test('who confirms an address in a session that a reset ends meanwhile gets no letters there', async () => {
  const world = await openWorld()
  const thief = await signedIn(world, 'amara', '192.0.2.66')
  const hash = createHash('sha256').update('token').digest('base64url')
  const data = JSON.stringify({ to: 'thief@mail.example' })
  const ticket = { purpose: 'address', hash, accountId: 'user_amara', data } as const
  await world.stores.tickets.add({ ...ticket, expiresAt: world.clock.now + 1000 })
  const { setEmail } = world.stores.credentials
  world.stores.credentials.setEmail = async (...how) => {
    await changePassword(world)
    return setEmail(...how)
  }
  const reply = await thief.post('/account/security/email/confirm', { token: 'token' }, '/account/security')
  assert.equal(reply.headers.location, '/account/security')
  assert.equal((await world.stores.accounts.find('user_amara'))?.email, undefined)
})

test('who makes recovery codes in a session that a reset ends meanwhile gets none, and the owner keeps theirs', async () => {
  const world = await openWorld()
  const thief = await signedIn(world, 'amara', '192.0.2.66')
  const { recovery } = await enrol(world, thief)
  pass(world)
  await thief.post('/account/sign-in', { username: 'amara', password })
  await thief.post('/account/second-step', { recovery_code: recovery[0] ?? '' }, '/account/second-step')
  const { setRecoveryCodes } = world.stores.credentials
  world.stores.credentials.setRecoveryCodes = async (...how) => {
    await changePassword(world)
    return setRecoveryCodes(...how)
  }
  const reply = await thief.post('/account/security/codes/recovery', {}, '/account/security')
  assert.deepEqual(recoveryCodesOf(reply.body), [])
  const kept = hashRecoveryCode('user_amara', recovery[1] ?? '')
  assert.equal(await world.stores.credentials.useRecoveryCode('user_amara', kept), true)
})
