/** Attacks on the forgotten password, through a real mail server: finding out, flooding, links used twice, late, or led astray. */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { createMailer } from '../../../src/server/mailer.ts'
import { createWorld, csrfOf, type World, type WorldOptions } from '../../fixtures/identity-world.ts'
import { type MailServer, openMailServer } from '../../fixtures/mail-server.ts'
import { codeAt, enrol, pass, password, person, signedIn } from './people.ts'

const long = 'another long password'
const email = 'amara@mail.example'
const login = { user: 'chartkey', password: 'smtp secret' }
let mail: MailServer
const worlds: World[] = []

before(async () => {
  mail = await openMailServer(login)
})
beforeEach(() => {
  mail.refuse(false)
  mail.mails.length = 0
})
afterEach(async () => {
  // Letters of one test do not arrive in the next.
  for (const world of worlds.splice(0)) await world.mail?.work()
})
after(() => mail.close())

const mailer = () =>
  createMailer({
    host: '127.0.0.1',
    port: mail.port,
    tls: 'none',
    from: 'Chartkey <no-reply@ehr.example>',
    ...login,
  })

async function openWorld(options: WorldOptions = {}): Promise<World> {
  const world = await createWorld([await person('amara', { email }), await person('mallory')], {
    mailer: mailer(),
    ...options,
  })
  worlds.push(world)
  return world
}

async function ask(world: World, username: string, headers: Record<string, string> = {}) {
  const page = await world.app.inject({ url: '/account/reset' })
  const form = { _csrf: csrfOf(page.body), username }
  const reply = await world.app.inject({ url: '/account/reset', form, cookies: page.cookies, headers })
  await world.mail?.work()
  return reply
}

const linkIn = (text = '') => /https?:\/\/\S+/.exec(text)?.[0] ?? ''

async function linkFor(world: World, username = 'amara'): Promise<URL> {
  await ask(world, username)
  return new URL(linkIn(mail.mails.at(-1)?.text))
}

async function setPassword(world: World, link: URL, new_password = long) {
  const token = link.searchParams.get('token') ?? ''
  return world.browser().post('/account/reset/password', { token, new_password }, link.pathname + link.search)
}

test('a mailed link sets a new password, ends every session, and signs nobody in', async () => {
  const world = await openWorld()
  const own = await signedIn(world, 'amara')
  const link = await linkFor(world)
  const [letter] = mail.mails
  assert.deepEqual([letter?.from, letter?.to], ['no-reply@ehr.example', [email]])
  assert.match(letter?.source ?? '', /^Subject: Your new password at Chartkey\r$/m)
  const page = await world.app.inject({ url: link.pathname + link.search })
  assert.match(page.body, /autocomplete="new-password"/)
  assert.equal(page.headers['referrer-policy'], 'no-referrer')
  const reply = await setPassword(world, link)
  assert.equal(reply.headers.location, '/account/sign-in?again=1&told=reset')
  assert.equal(reply.cookies.chartkey_session, undefined)
  assert.equal(await world.whoIs(own.cookies), 'nobody')
  assert.equal((await world.signIn({ username: 'amara', password })).status, 401)
  assert.equal((await world.signIn({ username: 'amara', password: long })).status, 303)
  assert.deepEqual(
    world.events.flatMap(({ action, change }) => (action.startsWith('sign') ? [] : (change ?? action))),
    ['reset-asked', 'password-reset'],
  )
  await world.mail?.work()
  assert.match(mail.mails.at(-1)?.text ?? '', /set anew/)
})

test('every name gets the same answer after the same work, and only an account with an address gets a letter', async () => {
  const gone = await person('gone', { disabled: true, email: 'gone@mail.example' })
  const elsewhere = {
    ...(await person('elsewhere', { email: 'else@mail.example' })),
    passwordHash: undefined,
  }
  const world = await createWorld(
    [await person('amara', { email }), await person('plain'), gone, elsewhere],
    {
      mailer: mailer(),
    },
  )
  const answers = new Set<string>()
  for (const name of ['amara', email, 'plain', 'nobody', 'nobody@mail.example', 'gone', 'elsewhere']) {
    const { status, headers } = await ask(world, name)
    answers.add(`${status} ${headers.location}`)
  }
  assert.deepEqual([...answers], ['303 /account/reset?sent=1'])
  assert.deepEqual(
    mail.mails.map(({ to }) => to),
    [[email], [email]],
  )
})

test('a link works once, for half an hour, and a newer one takes its place', async () => {
  const world = await openWorld()
  const first = await linkFor(world)
  const second = await linkFor(world)
  assert.equal((await setPassword(world, first)).status, 404)
  const tries = await Promise.all(Array.from({ length: 5 }, () => setPassword(world, second)))
  assert.equal(tries.filter(({ status }) => status === 303).length, 1)
  assert.equal((await setPassword(world, second, 'yet another password')).status, 404)
  const late = await linkFor(world)
  pass(world, 30 * 60_000)
  assert.equal((await setPassword(world, late, 'yet another password')).status, 404)
  assert.equal((await world.signIn({ username: 'amara', password: long })).status, 303)
})

test('a link that was asked for before the password changed is worth nothing after', async () => {
  const world = await openWorld()
  const link = await linkFor(world)
  const own = await signedIn(world, 'amara')
  const form = { current_password: password, new_password: long }
  await own.post('/account/security/password', form, '/account/security')
  assert.equal((await setPassword(world, link, 'the thief’s password')).status, 404)
})

test('a link that is written while the address is changed opens nothing: it lies in the box of the old one', async () => {
  const world = await openWorld()
  const { replace } = world.stores.tickets
  world.stores.tickets.replace = async (ticket) => {
    const told = { kind: 'sign-out', outcome: 'success', actor: {} } as const
    const owner = { id: 'user_amara' }
    await world.stores.credentials.setEmail(owner, 'new@mail.example', told, world.clock.now)
    await replace(ticket)
  }
  const link = await linkFor(world)
  assert.deepEqual(mail.mails.at(-1)?.to, [email])
  assert.equal((await world.app.inject({ url: link.pathname + link.search })).status, 404)
  assert.equal((await setPassword(world, link)).status, 404)
  assert.equal((await world.signIn({ username: 'amara', password })).status, 303)
})

test('a poisoned Host header does not get into the letter', async () => {
  const world = await openWorld({ baseUrl: 'https://ehr.example' })
  await ask(world, 'amara', {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    origin: 'https://ehr.example',
  })
  const [letter] = mail.mails
  assert.match(linkIn(letter?.text), /^https:\/\/ehr\.example\/account\/reset\/password\?token=[\w-]{43}$/)
  assert.doesNotMatch(letter?.source ?? '', /evil/)
})

test('a name with line breaks or commas writes no header and no second recipient', async () => {
  const world = await openWorld()
  for (const name of [
    `${email}\r\nBcc: mallory@mail.example`,
    `${email},mallory@mail.example`,
    `${email}%0d%0aBcc:mallory@mail.example`,
    `"a" <${email}>`,
  ])
    await ask(world, name)
  assert.deepEqual(mail.mails, [])
})

test('the second factor is asked for after a reset as before it', async () => {
  const world = await openWorld()
  const { secret } = await enrol(world, await signedIn(world, 'amara'))
  pass(world)
  await setPassword(world, await linkFor(world))
  const browser = world.browser()
  const reply = await browser.post('/account/sign-in', { username: 'amara', password: long })
  assert.equal(reply.headers.location, '/account/second-step?ui_locales=en&return_to=%2Faccount')
  assert.equal(await world.whoIs(browser.cookies), 'nobody')
  const code = codeAt(secret, world.clock.now)
  assert.equal((await browser.post('/account/second-step', { code }, '/account/second-step')).status, 303)
})

test('a sign-in that waited for its second step ends with the reset', async () => {
  const world = await openWorld()
  const { secret } = await enrol(world, await signedIn(world, 'amara'))
  pass(world)
  const thief = world.browser('203.0.113.9')
  await thief.post('/account/sign-in', { username: 'amara', password })
  await setPassword(world, await linkFor(world))
  const code = codeAt(secret, world.clock.now)
  await thief.post('/account/second-step', { code })
  assert.equal(await world.whoIs(thief.cookies), 'nobody')
})

test('nobody floods an inbox, whatever the addresses; and one address asks only so often', async () => {
  const world = await openWorld()
  for (let question = 0; question < 9; question++) assert.equal((await ask(world, 'amara')).status, 303)
  assert.equal(mail.mails.length, 3)
  await ask(world, 'nobody')
  const held = await ask(world, 'nobody')
  assert.equal(held.status, 429)
  assert.ok(Number(held.headers['retry-after']) > 0)
})

test('whoever forgets a password now and then behind one address holds up nobody else there', async () => {
  const world = await openWorld()
  for (let question = 0; question < 20; question++) {
    assert.equal((await ask(world, `colleague ${question}`)).status, 303)
    pass(world, 10 * 60_000)
  }
  for (const name of ['amara', 'mallory']) assert.equal((await ask(world, name)).status, 303)
})

test('the forms of the reset need their anti-forgery fields, and the password its rule', async () => {
  const world = await openWorld({ sandbox: false })
  const forged = await world.app.inject({ url: '/account/reset', form: { username: 'amara' } })
  assert.equal(forged.status, 403)
  await world.mail?.work()
  assert.equal(mail.mails.length, 0)
  const link = await linkFor(world)
  const form = { token: link.searchParams.get('token') ?? '', new_password: long }
  assert.equal((await world.app.inject({ url: '/account/reset/password', form })).status, 403)
  assert.equal((await setPassword(world, link, 'short')).status, 400)
  assert.equal((await setPassword(world, link)).status, 303)
})

test('a letter that the mail server does not take is kept and sent later, by whichever node', async () => {
  const world = await openWorld()
  mail.refuse(true)
  assert.equal((await ask(world, 'amara')).status, 303)
  assert.equal(mail.mails.length, 0)
  mail.refuse(false)
  const other = await createWorld([], { sql: world.sql, clock: world.clock, mailer: mailer() })
  pass(world, 60_000)
  await Promise.all([world.mail?.work(), other.mail?.work()])
  assert.equal(mail.mails.length, 1)
  assert.equal((await setPassword(other, new URL(linkIn(mail.mails[0]?.text)))).status, 303)
})

test('what waits to be sent opens nothing, and is the same for every name', async () => {
  const world = await openWorld()
  mail.refuse(true)
  await ask(world, 'amara')
  const rows = await world.sql.all<{ letter: string }>('SELECT letter FROM outbox')
  assert.deepEqual(
    rows.map(({ letter }) => Object.keys(JSON.parse(letter)).sort()),
    [['kind', 'locale', 'typed']],
  )
})

test('nobody has more than a few letters sent to an address that they say is theirs', async () => {
  const world = await openWorld()
  const mallory = await signedIn(world, 'mallory')
  const before = mail.mails.length
  for (let time = 0; time < 6; time++)
    await mallory.post('/account/security/email', { email: 'victim@mail.example' }, '/account/security')
  await world.mail?.work()
  assert.equal(mail.mails.length - before, 3)
})

test('an address counts once its link was opened by who is signed in, and nobody else’s link does anything', async () => {
  const world = await openWorld()
  const mallory = await signedIn(world, 'mallory')
  await mallory.post('/account/security/email', { email: ' Mallory@Mail.example ' }, '/account/security')
  await world.mail?.work()
  const [letter] = mail.mails
  assert.deepEqual(letter?.to, ['mallory@mail.example'])
  assert.equal((await world.stores.accounts.find('user_mallory'))?.email, undefined)
  const link = new URL(linkIn(letter?.text))
  const token = link.searchParams.get('token') ?? ''
  const amara = await signedIn(world, 'amara')
  assert.equal((await amara.get(link.pathname + link.search)).status, 404)
  await amara.post('/account/security/email/confirm', { token }, '/account/security')
  assert.equal((await world.stores.accounts.find('user_amara'))?.email, email)
  const stranger = await world.browser().get(link.pathname + link.search)
  assert.match(
    stranger.headers.location ?? '',
    /^\/account\/sign-in\?return_to=%2Faccount%2Fsecurity%2Femail/,
  )
  await mallory.post('/account/security/email/confirm', { token }, link.pathname + link.search)
  assert.equal((await world.stores.accounts.find('user_mallory'))?.email, 'mallory@mail.example')
  await mallory.post('/account/security/email', {}, '/account/security')
  assert.equal((await world.stores.accounts.find('user_mallory'))?.email, undefined)
  await world.mail?.work()
  assert.deepEqual(mail.mails.at(-1)?.to, ['mallory@mail.example'], 'the old address is told')
  for (const typed of [
    'no address',
    'a@b',
    'a@mail.example,b@mail.example',
    'a@mail.example\r\nBcc: b@mail.example',
  ])
    assert.equal(
      (await mallory.post('/account/security/email', { email: typed }, '/account/security')).status,
      400,
    )
})

test('without a mail server the page says whom to ask, and asking does nothing', async () => {
  const world = await createWorld([await person('amara', { email })])
  const page = await world.app.inject({ url: '/account/reset' })
  assert.match(page.body, /ask your administrator/)
  assert.doesNotMatch(page.body, /name="username"/)
  assert.equal((await ask(world, 'amara')).headers.location, '/account/reset')
})

test('no mail goes over a connection that was to be encrypted and is not', async () => {
  const world = await openWorld({
    mailer: createMailer({
      host: '127.0.0.1',
      port: mail.port,
      tls: 'starttls',
      from: 'a@ehr.example',
      ...login,
    }),
  })
  await ask(world, 'amara')
  assert.equal(mail.mails.length, 0)
})
