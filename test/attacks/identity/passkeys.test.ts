/** Attacks on passkeys: challenges used twice or by somebody else, other sites, other people's keys, cloned authenticators. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPasskey, type Lies, type SoftPasskey } from '../../fixtures/authenticator.ts'
import { type Browser, createWorld, type World } from '../../fixtures/identity-world.ts'
import { enrol, pass, password, person, recoveryCodesOf, signedIn } from './people.ts'

type Options = { challenge: string; user?: { id: string }; allowCredentials?: readonly { id: string }[] }

async function optionsFor(browser: Browser, purpose: string): Promise<Options> {
  const reply = await browser.post('/account/passkey/options', { purpose })
  assert.equal(reply.status, 200, reply.body)
  return JSON.parse(reply.body) as Options
}

async function addPasskey(browser: Browser, name = 'Phone', lies: Lies = {}): Promise<SoftPasskey> {
  const passkey = createPasskey(await optionsFor(browser, 'register'), 'http://localhost', lies)
  await browser.post('/account/security/passkeys', { credential: passkey.created, name }, '/account/security')
  return passkey
}

const countOf = async ({ stores }: World, username: string) =>
  (await stores.passkeys.listOf(`user_${username}`)).length

async function signInWith(browser: Browser, credential: string, return_to = '/ehr'): Promise<string> {
  const reply = await browser.post('/account/passkey/sign-in', { credential, return_to })
  return reply.headers.location ?? ''
}

async function world() {
  const made = await createWorld([await person('amara'), await person('mallory')])
  const own = await signedIn(made, 'amara')
  const passkey = await addPasskey(own)
  assert.equal(await countOf(made, 'amara'), 1)
  return { ...made, own, passkey }
}

test('a passkey signs in without a password, as two factors, and its use is noted', async () => {
  const made = await world()
  const browser = made.browser()
  const options = await optionsFor(browser, 'sign-in')
  assert.deepEqual(options.allowCredentials, [])
  assert.equal(await signInWith(browser, made.passkey.sign(options)), '/ehr')
  assert.equal(await made.whoIs(browser.cookies), 'user_amara')
  assert.equal(await made.how(browser.cookies), 'pop user mfa')
  assert.equal((await made.stores.passkeys.find(made.passkey.id))?.counter, 1)
})

const lies: Readonly<Record<string, Lies>> = {
  'made for another site': { origin: 'https://chartkey.evil.example' },
  'made on another port': { origin: 'http://localhost:9999' },
  'made for another relying party': { rpId: 'evil.example' },
  'made without verifying the user': { userVerified: false },
  'made for another challenge': { challenge: 'A'.repeat(43) },
  'made to register a key': { type: 'webauthn.create' },
  'that names another account': { userHandle: Buffer.from('somebody else').toString('base64url') },
  'that names no account': { userHandle: undefined },
  'signed by another key': { key: createPasskey({ challenge: 'x' }).key },
}

for (const [name, lie] of Object.entries(lies))
  test(`an answer ${name} signs nobody in`, async () => {
    const made = await world()
    const browser = made.browser()
    const options = await optionsFor(browser, 'sign-in')
    assert.match(
      await signInWith(browser, made.passkey.sign(options, lie)),
      /^\/account\/sign-in\?.*problem=passkey/,
    )
    assert.equal(await made.whoIs(browser.cookies), 'nobody')
    // The challenge is spent: the right answer comes too late.
    if (lie.challenge === undefined && lie.type === undefined) {
      assert.match(await signInWith(browser, made.passkey.sign(options)), /problem=passkey/)
    }
  })

test('an answer works once, in the browser that asked, for five minutes', async () => {
  const made = await world()
  const browser = made.browser()
  const answer = made.passkey.sign(await optionsFor(browser, 'sign-in'))
  const thief = made.browser('203.0.113.9')
  await optionsFor(thief, 'sign-in')
  assert.match(await signInWith(thief, answer), /problem=passkey/)
  const second = made.passkey.sign(await optionsFor(browser, 'sign-in'))
  assert.equal(await signInWith(browser, second), '/ehr')
  assert.match(await signInWith(browser, second), /problem=passkey/)
  const late = made.passkey.sign(await optionsFor(browser, 'sign-in'))
  pass(made, 5 * 60_000)
  assert.match(await signInWith(browser, late), /problem=passkey/)
})

test('a cloned authenticator is found out by its counter', async () => {
  const made = await world()
  const browser = made.browser()
  const sign = async (counter: number) =>
    signInWith(browser, made.passkey.sign(await optionsFor(browser, 'sign-in'), { counter }))
  assert.equal(await sign(7), '/ehr')
  assert.match(await sign(7), /problem=passkey/)
  assert.match(await sign(3), /problem=passkey/)
  assert.equal(await sign(8), '/ehr')
})

test('of two answers with one count at once, one signs in', async () => {
  const made = await world()
  const browsers = [made.browser('192.0.2.8'), made.browser('192.0.2.9')]
  const answers = await Promise.all(
    browsers.map(async (browser) => made.passkey.sign(await optionsFor(browser, 'sign-in'), { counter: 5 })),
  )
  const ends = await Promise.all(browsers.map((browser, index) => signInWith(browser, answers[index] ?? '')))
  assert.deepEqual(ends.filter((end) => end === '/ehr').length, 1)
})

test('registering needs the challenge of this session, user verification, and this site', async () => {
  const made = await createWorld([await person('amara'), await person('mallory')])
  const own = await signedIn(made, 'amara')
  for (const lie of [{ userVerified: false }, { origin: 'https://evil.example' }, { rpId: 'evil.example' }])
    await addPasskey(own, 'x', lie)
  const mallory = await signedIn(made, 'mallory')
  // What mallory's authenticator answered to her own challenge, slipped into amara's form.
  const hers = createPasskey(await optionsFor(mallory, 'register'))
  await own.post('/account/security/passkeys', { credential: hers.created }, '/account/security')
  // A challenge to sign in is none to register.
  const other = createPasskey(await optionsFor(own, 'sign-in'))
  await own.post('/account/security/passkeys', { credential: other.created }, '/account/security')
  for (const credential of ['', '{}', '[]', 'null', '{"id":7}', `{"id":"${'x'.repeat(50_000)}"}`])
    await own.post('/account/security/passkeys', { credential }, '/account/security')
  assert.equal(await countOf(made, 'amara'), 0)
  assert.equal(await countOf(made, 'mallory'), 0)
  await addPasskey(own)
  assert.equal(await countOf(made, 'amara'), 1)
})

test('a passkey of somebody else is neither renamed nor removed, and is no second step', async () => {
  const made = await world()
  const mallory = await signedIn(made, 'mallory')
  const form = { passkey: made.passkey.id, name: 'Mine' }
  await mallory.post('/account/security/passkeys/name', form, '/account/security')
  await mallory.post('/account/security/passkeys/remove', form, '/account/security')
  assert.equal((await made.stores.passkeys.find(made.passkey.id))?.name, 'Phone')
  await enrol(made, made.own)
  const hers = await addPasskey(mallory)
  pass(made)

  const thief = made.browser('203.0.113.9')
  await thief.post('/account/sign-in', { username: 'amara', password })
  const options = await optionsFor(thief, 'second-step')
  assert.deepEqual(
    options.allowCredentials?.map(({ id }) => id),
    [made.passkey.id],
  )
  const wrong = await thief.post('/account/second-step', { credential: hers.sign(options) })
  assert.equal(wrong.status, 401)
  const again = await optionsFor(thief, 'second-step')
  const right = await thief.post('/account/second-step', { credential: made.passkey.sign(again) })
  assert.equal(right.status, 303)
  assert.equal(await made.how(thief.cookies), 'pwd pop mfa')
})

test('a challenge of the second step is not one to sign in with, nor the other way round', async () => {
  const made = await world()
  await enrol(made, made.own)
  pass(made)
  const browser = made.browser()
  await browser.post('/account/sign-in', { username: 'amara', password })
  const first = await optionsFor(browser, 'sign-in')
  const reply = await browser.post('/account/second-step', { credential: made.passkey.sign(first) })
  assert.equal(reply.status, 401)
  const second = await optionsFor(browser, 'second-step')
  assert.match(await signInWith(browser, made.passkey.sign(second)), /problem=passkey/)
})

test('challenges are given to forms of ours only; those to register and of the second step to who may', async () => {
  const made = await world()
  const forged = await made.app.inject({ url: '/account/passkey/options', form: { purpose: 'sign-in' } })
  assert.equal(forged.status, 403)
  const stranger = made.browser()
  for (const purpose of ['register', 'second-step'])
    assert.equal((await stranger.post('/account/passkey/options', { purpose })).status, 401)
  assert.equal((await stranger.post('/account/passkey/options', { purpose: 'other' })).status, 400)
  pass(made, 15 * 60_000)
  assert.equal((await made.own.post('/account/passkey/options', { purpose: 'register' })).status, 401)
})

test('a disabled account has no passkey, and signing in leads to pages of this server only', async () => {
  const made = await world()
  const browser = made.browser()
  const sign = async (return_to: string) =>
    signInWith(browser, made.passkey.sign(await optionsFor(browser, 'sign-in')), return_to)
  for (const hostile of ['//evil.example', 'https://evil.example', '/\\evil.example', '/account/sign-in'])
    assert.equal(await sign(hostile), '/account', hostile)
  await made.disable('user_amara')
  assert.match(await sign('/ehr'), /problem=passkey/)
  assert.equal(made.events.at(-1)?.detail, 'disabled')
})

test('an account has twenty passkeys at most', async () => {
  const made = await world()
  for (let more = 0; more < 21; more++) await addPasskey(made.own, `key ${more}`)
  assert.equal(await countOf(made, 'amara'), 20)
})

test('who knows the password alone sets up no codes beside the passkey of an account that needs a second factor', async () => {
  const lin = await person('dr.lin', { roles: ['clinician'] })
  const made = await createWorld([lin], { required: ['clinician'] })
  const own = made.browser()
  await own.post('/account/sign-in', { username: 'dr.lin', password })
  await enrol(made, own, '/account/second-step/set-up')
  await addPasskey(own)
  await own.post('/account/security/codes/off', {}, '/account/security')
  assert.equal(await made.stores.credentials.oneTimeCodes(lin.id), undefined)
  const thief = made.browser('192.0.2.66')
  await thief.post('/account/sign-in', { username: 'dr.lin', password })
  const setUp = await thief.get('/account/second-step/set-up')
  assert.match(setUp.headers.location ?? '', /^\/account\/second-step(?:\?|$)/)
  assert.equal(setUp.body, '')
  const turnedOn = await thief.post('/account/second-step/set-up', { offer: 'x', code: '000000' })
  assert.match(turnedOn.headers.location ?? '', /^\/account\/second-step(?:\?|$)/)
})

test('recovery codes go with the last second factor: with one-time codes off, with the last passkey', async () => {
  const made = await world()
  const second = await addPasskey(made.own, 'Key')
  const page = await made.own.post('/account/security/codes/recovery', {}, '/account/security')
  const [recovery_code = ''] = recoveryCodesOf(page.body)
  const remove = (passkey: string) =>
    made.own.post('/account/security/passkeys/remove', { passkey }, '/account/security')
  await remove(second.id)
  assert.equal(await made.stores.credentials.recoveryCodesLeft('user_amara'), 10)
  await remove(made.passkey.id)
  assert.equal(await made.stores.credentials.recoveryCodesLeft('user_amara'), 0)
  // Who finds the paper, and knows the password, has no second factor by it.
  const thief = made.browser('203.0.113.9')
  await thief.post('/account/sign-in', { username: 'amara', password, second_factor: 'required' })
  await thief.post('/account/second-step', { recovery_code })
  assert.equal(await made.whoIs(thief.cookies), 'nobody')
})
