/** Attacks on passwords and sessions: finding out who has an account, locking others out, taking a session over. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseForms } from '../../fixtures/forms.ts'
import { createWorld } from '../../fixtures/identity-world.ts'
import { codeAt, enrol, pass, password, person, signedIn } from './people.ts'

const long = 'another long password'

test('unknown, disabled and password-less accounts get the answer of a wrong password, also when they must wait', async () => {
  const gone = await person('gone', { disabled: true })
  const elsewhere = { ...(await person('elsewhere')), passwordHash: undefined }
  const world = await createWorld([await person('amara'), gone, elsewhere])
  const shown = new Map<string, string[]>()
  for (const username of ['amara', 'nobody', 'gone', 'elsewhere']) {
    const answers: string[] = []
    for (let attempt = 0; attempt < 7; attempt++) {
      const reply = await world.signIn({ username, password: 'wrong' })
      const body = reply.body.replaceAll(username, 'NAME').replaceAll(/value="[^"]{30,}"/g, '')
      answers.push(`${reply.status} ${reply.headers['retry-after']} ${body}`)
    }
    shown.set(username, answers)
  }
  for (const answers of shown.values()) assert.deepEqual(answers, shown.get('amara'))
  assert.match(shown.get('nobody')?.[6] ?? '', /^429/)
})

test('the password whose hash stands in for those of nobody opens no account that has none', async () => {
  const elsewhere = { ...(await person('elsewhere')), passwordHash: undefined }
  const world = await createWorld([elsewhere])
  for (const username of ['elsewhere', 'nobody']) {
    const reply = await world.signIn({ username, password: 'no account has this hash' })
    assert.equal(reply.status, 401)
  }
})

test('unknown names cost the same work: one password hash and the same reads and writes', async () => {
  const world = await createWorld([await person('amara')])
  const work: Record<string, number> = {}
  const counted = async (username: string) => {
    const { write, get } = world.sql
    const counting =
      <Arguments extends unknown[], Result>(call: (...args: Arguments) => Result) =>
      (...args: Arguments) => {
        work[username] = (work[username] ?? 0) + 1
        return call(...args)
      }
    Object.assign(world.sql, { write: counting(write), get: counting(get) })
    await world.signIn({ username, password: 'wrong' })
    Object.assign(world.sql, { write, get })
  }
  await counted('amara')
  await counted('nobody')
  assert.ok((work.amara ?? 0) > 0)
  assert.equal(work.amara, work.nobody)
})

test('whoever guesses at an account holds up themself only: not its owner elsewhere, nor a known browser behind the same address', async () => {
  const world = await createWorld([await person('amara')])
  const own = await signedIn(world, 'amara', '192.0.2.1')
  const guess = () => world.signIn({ username: 'amara', password: 'wrong' }, { address: '192.0.2.1' })
  for (let attempt = 0; attempt < 30; attempt++) await guess()
  assert.equal((await guess()).status, 429)
  assert.equal(
    (await world.signIn({ username: 'amara', password })).status,
    429,
    'a stranger at that address',
  )
  assert.equal((await world.signIn({ username: 'amara', password }, { address: '192.0.2.2' })).status, 303)
  const device = { chartkey_device: own.cookies.chartkey_device ?? '' }
  const known = await world.signIn({ username: 'amara', password }, { address: '192.0.2.1', cookies: device })
  assert.equal(known.status, 303)
})

test('a hospital behind one address that mistypes now and then, day and night, holds up nobody who is right', async () => {
  const world = await createWorld([await person('amara'), await person('bea')])
  for (let mistake = 0; mistake < 52; mistake++) {
    assert.equal((await world.signIn({ username: `colleague ${mistake}`, password: 'mistyped' })).status, 401)
    pass(world, 10 * 60_000)
  }
  // The next shift comes, at browsers that do not know them.
  assert.equal((await world.signIn({ username: 'amara', password })).status, 303)
  assert.equal((await world.signIn({ username: 'bea', password })).status, 303)
  // Who guesses fast waits as ever.
  const statuses = []
  for (let guess = 0; guess < 52; guess++)
    statuses.push((await world.signIn({ username: `guessed ${guess}`, password: 'guessed' })).status)
  assert.equal(statuses.at(-1), 429)
})

test('a mark of a known browser is for its account, cannot be made up, and buys a few guesses only', async () => {
  const world = await createWorld([await person('amara'), await person('mallory')])
  const mallory = await signedIn(world, 'mallory', '192.0.2.1')
  for (let attempt = 0; attempt < 8; attempt++)
    await world.signIn({ username: 'amara', password: 'wrong' }, { address: '192.0.2.1' })
  const cookies = { chartkey_device: mallory.cookies.chartkey_device ?? '' }
  const hers = await world.signIn({ username: 'amara', password }, { address: '192.0.2.1', cookies })
  assert.equal(hers.status, 429)
  for (const value of [`${'A'.repeat(43)}.${'B'.repeat(22)}`, 'x', ''])
    assert.equal(
      (
        await world.signIn(
          { username: 'amara', password },
          { address: '192.0.2.1', cookies: { chartkey_device: value } },
        )
      ).status,
      429,
    )
  const own = await signedIn(world, 'amara', '192.0.2.77')
  const mark = { chartkey_device: own.cookies.chartkey_device ?? '' }
  const statuses = []
  for (let attempt = 0; attempt < 7; attempt++)
    statuses.push((await world.signIn({ username: 'amara', password: 'wrong' }, { cookies: mark })).status)
  assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429])
})

test('the counts outlive a restart and hold on every node', async () => {
  const world = await createWorld([await person('amara')])
  for (let attempt = 0; attempt < 5; attempt++) await world.signIn({ username: 'amara', password: 'wrong' })
  const other = await createWorld([], { sql: world.sql, clock: world.clock })
  assert.equal((await other.signIn({ username: 'amara', password })).status, 429)
})

test('a session that was planted before the sign-in, or before the second step, is worth nothing after it', async () => {
  const world = await createWorld([await person('amara'), await person('mallory')])
  const mallory = await signedIn(world, 'mallory')
  const planted = { ...mallory.cookies }
  const victim = world.browser()
  Object.assign(victim.cookies, planted)
  await victim.post('/account/sign-in', { username: 'amara', password })
  assert.equal(await world.whoIs(victim.cookies), 'user_amara')
  assert.equal(await world.whoIs(planted), 'nobody')
  // Also one that is the victim's own and that somebody has read.
  const read = { ...victim.cookies }
  pass(world, 15 * 60_000)
  await victim.post('/account/sign-in', { username: 'amara', password })
  assert.equal(await world.whoIs(victim.cookies), 'user_amara')
  assert.equal(await world.whoIs(read), 'nobody')
})

test('a changed password ends every other session, and this one’s secret; the old password is worth nothing', async () => {
  const world = await createWorld([await person('amara')])
  const [here, there] = [await signedIn(world, 'amara'), await signedIn(world, 'amara')]
  const before = { ...here.cookies }
  const form = { current_password: password, new_password: long }
  const reply = await here.post('/account/security/password', form, '/account/security')
  assert.equal(reply.headers.location, '/account/security?told=password')
  assert.equal(await world.whoIs(here.cookies), 'user_amara')
  assert.equal(await world.whoIs(before), 'nobody')
  assert.equal(await world.whoIs(there.cookies), 'nobody')
  assert.equal((await world.signIn({ username: 'amara', password })).status, 401)
  assert.equal((await world.signIn({ username: 'amara', password: long })).status, 303)
  assert.equal(world.events.filter(({ change }) => change === 'password-changed').length, 1)
})

test('a changed password proves nothing anew: who has the session and the password, and not the second factor, stays as stale as they were', async () => {
  const world = await createWorld([await person('amara')])
  const here = await signedIn(world, 'amara')
  const { secret } = await enrol(world, here)
  pass(world, 20 * 60_000)
  await here.post('/account/sign-in', { username: 'amara', password })
  await here.post('/account/second-step', { code: codeAt(secret, world.clock.now) }, '/account/second-step')
  assert.equal((await here.get('/account/security')).status, 200)
  pass(world, 10 * 60_000)
  const form = { current_password: password, new_password: long }
  await here.post('/account/security/password', form, '/account/security')
  assert.equal((await here.get('/account/security')).status, 200)
  pass(world, 10 * 60_000)
  assert.equal((await here.get('/account/security')).status, 303)
})

test('a password is changed by who knows it, and the old one is guessed at no faster than at the door', async () => {
  const world = await createWorld([await person('amara')], { sandbox: false })
  const browser = await signedIn(world, 'amara')
  const change = async (current_password: string, new_password: string) =>
    (
      await browser.post(
        '/account/security/password',
        { current_password, new_password },
        '/account/security',
      )
    ).status
  assert.equal(await change(password, 'short'), 400)
  assert.equal(await change(password, 'password1234'), 400)
  assert.equal(await change(password, 'amara-amara-1'), 400)
  const statuses = []
  for (let attempt = 0; attempt < 7; attempt++) statuses.push(await change('wrong', long))
  assert.deepEqual(statuses, [400, 400, 400, 400, 400, 429, 429])
  assert.equal(
    (await world.stores.accounts.find('user_amara'))?.passwordHash,
    (await person('amara')).passwordHash,
  )
})

test('sessions are listed to their owner, and nobody ends another’s', async () => {
  const world = await createWorld([await person('amara'), await person('mallory')])
  const own = await signedIn(world, 'amara', '192.0.2.1')
  const phone = await signedIn(world, 'amara', '198.51.100.7')
  const mallory = await signedIn(world, 'mallory')
  const page = (await own.get('/account')).body
  assert.match(page, /198\.51\.100\.7/)
  const ids = parseForms(page).flatMap(({ fields }) => fields.filter(([name]) => name === 'session'))
  assert.equal(ids.length, 1)
  const [[, session = ''] = []] = ids
  await mallory.post('/account/sessions', { session }, '/account')
  assert.equal(await world.whoIs(phone.cookies), 'user_amara')
  // The name of a session does not open it.
  assert.equal(await world.whoIs({ chartkey_session: session }), 'nobody')
  const third = await signedIn(world, 'amara')
  await own.post('/account/sessions', { session }, '/account')
  assert.equal(await world.whoIs(phone.cookies), 'nobody')
  assert.equal(await world.whoIs(third.cookies), 'user_amara')
  await own.post('/account/sessions', {}, '/account')
  assert.equal(await world.whoIs(third.cookies), 'nobody')
  assert.equal(await world.whoIs(own.cookies), 'user_amara')
  assert.equal(await world.whoIs(mallory.cookies), 'user_mallory')
})

test('no form of the account works without its anti-forgery field', async () => {
  const world = await createWorld([await person('amara')])
  const { secret } = await enrol(world, await signedIn(world, 'amara'))
  const full = async (address: string) => {
    pass(world)
    const browser = await signedIn(world, 'amara', address)
    await browser.post(
      '/account/second-step',
      { code: codeAt(secret, world.clock.now) },
      '/account/second-step',
    )
    assert.equal((await browser.get('/account/security')).status, 200)
    return browser
  }
  const other = await full('198.51.100.7')
  const browser = await full('192.0.2.1')
  const before = {
    account: await world.stores.accounts.find('user_amara'),
    codes: await world.stores.credentials.oneTimeCodes('user_amara'),
    left: await world.stores.credentials.recoveryCodesLeft('user_amara'),
    sessions: (await world.stores.sessions.listOf('user_amara')).length,
  }
  const forms: [string, Record<string, string>][] = [
    ['/account', { locale: 'zh-TW' }],
    ['/account/sessions', {}],
    ['/account/sign-out', {}],
    ['/account/security/password', { current_password: password, new_password: long }],
    ['/account/security/codes', { offer: 'x', code: '123456' }],
    ['/account/security/codes/off', {}],
    ['/account/security/codes/recovery', {}],
    ['/account/security/passkeys', { credential: '{}' }],
    ['/account/security/passkeys/name', { passkey: 'x', name: 'y' }],
    ['/account/security/passkeys/remove', { passkey: 'x' }],
    ['/account/security/email', { email: 'mallory@mail.example' }],
    ['/account/security/email/confirm', { token: 'x' }],
  ]
  for (const [url, form] of forms) {
    const { cookies } = browser
    await world.app.inject({ url, form, cookies })
    const headers = { 'sec-fetch-site': 'cross-site' }
    await world.app.inject({ url, form: { ...form, _csrf: 'A'.repeat(43) }, cookies, headers })
  }
  assert.deepEqual(
    {
      account: await world.stores.accounts.find('user_amara'),
      codes: await world.stores.credentials.oneTimeCodes('user_amara'),
      left: await world.stores.credentials.recoveryCodesLeft('user_amara'),
      sessions: (await world.stores.sessions.listOf('user_amara')).length,
    },
    before,
  )
  assert.equal(await world.whoIs(other.cookies), 'user_amara')
})

test('an old hash is made anew when its password comes by', async () => {
  // A vector of the reference implementation: password `password`, salt `somesalt`, other costs than ours.
  const passwordHash =
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  const world = await createWorld([await person('amara', { passwordHash })])
  assert.equal((await world.signIn({ username: 'amara', password: 'wrong' })).status, 401)
  const hash = async () => (await world.stores.accounts.find('user_amara'))?.passwordHash
  assert.equal(await hash(), passwordHash)
  assert.equal((await world.signIn({ username: 'amara', password: 'password' })).status, 303)
  assert.match((await hash()) ?? '', /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  assert.equal((await world.signIn({ username: 'amara', password: 'password' })).status, 303)
})
