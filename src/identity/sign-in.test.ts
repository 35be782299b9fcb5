import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorld } from '../../test/fixtures/identity-world.ts'
import type { Account } from './account.ts'
import { SESSION_IDLE_LIMIT, SESSION_LIFETIME } from './durations.ts'
import { hashPassword, isPassword } from './passwords.ts'

const lin: Account = {
  id: 'user_lin',
  username: 'dr.lin',
  name: 'Dr. Lin',
  roles: ['clinician'],
  fhirUser: 'Practitioner/lin',
  records: ['Practitioner/lin'],
  passwordHash: await hashPassword('sandbox'),
  disabled: false,
}
const gone: Account = { ...lin, id: 'user_gone', username: 'gone', disabled: true }
const federated: Account = { ...lin, id: 'user_federated', username: 'federated', passwordHash: undefined }
const world = () => createWorld([lin, gone, federated])
const right = { username: 'dr.lin', password: 'sandbox' }

test('a password is kept as argon2id with the recommended cost, and another salt each time', async () => {
  const again = await hashPassword('sandbox')
  assert.match(again, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[^$]{22}\$[^$]{43}$/)
  assert.notEqual(again, lin.passwordHash)
  assert.equal(await isPassword('sandbox', again), true)
  assert.equal(await isPassword('sandbox ', again), false)
  assert.equal(await isPassword('sandbox', 'plain:sandbox'), false)
})

test('an argon2id hash is read as other programs write it', async () => {
  // A test vector of the reference implementation: password `password`, salt `somesalt`.
  const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  assert.equal(await isPassword('password', reference), true)
})

test('SEC-14: the right password signs in, goes where the person was going, and is on record', async () => {
  const { app, signIn, events } = await world()
  const reply = await signIn({ ...right, username: ' Dr.Lin ', return_to: '/ehr?x=1' })
  assert.equal(reply.status, 303)
  assert.equal(reply.headers.location, '/ehr?x=1')
  const who = await app.inject({ url: '/whoami', cookies: reply.cookies })
  assert.equal(who.body, '"user_lin"')
  assert.deepEqual(
    events.map(({ action, accountId }) => [action, accountId]),
    [['signed-in', 'user_lin']],
  )
})

test('a wrong password, an unknown, a disabled and a password-less account look the same', async () => {
  const { signIn, events } = await world()
  const pages = []
  for (const username of ['dr.lin', 'nobody', 'gone', 'federated']) {
    const reply = await signIn({ username, password: username === 'dr.lin' ? 'wrong' : 'sandbox' })
    assert.equal(reply.status, 401)
    assert.equal(reply.cookies.chartkey_session, undefined)
    pages.push(reply.body.replace(`value="${username}"`, '').replaceAll(/value="[^"]{30,}"/g, ''))
  }
  assert.equal(new Set(pages).size, 1)
  assert.deepEqual(
    events.map(({ detail }) => detail),
    ['wrong-password', 'unknown-user', 'disabled', 'wrong-password'],
  )
})

test('the password typed is nowhere on the page', async () => {
  const reply = await (await world()).signIn({ username: 'dr.lin', password: 'hunter2-wrong' })
  assert.ok(!reply.body.includes('hunter2'))
})

test('a form without its anti-forgery value does nothing', async () => {
  const { app, events } = await world()
  const reply = await app.inject({ url: '/account/sign-in', form: right })
  assert.equal(reply.status, 403)
  assert.equal(reply.cookies.chartkey_session, undefined)
  assert.deepEqual(events, [])
})

test('signing in leads only to pages of this server', async () => {
  const hostile = [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/%2Fevil.example',
    '/%5cevil',
    '/\t/evil',
    '/a/..//evil',
    '%2F%2Fevil',
    '/account/sign-in',
    '',
  ]
  for (const return_to of hostile) {
    const reply = await (await world()).signIn({ ...right, return_to })
    assert.equal(reply.headers.location, '/account', return_to)
  }
})

test('a session planted before signing in is worth nothing afterwards', async () => {
  const { app, signIn, stores } = await world()
  const first = await signIn(right)
  const second = await signIn(right, { cookies: first.cookies })
  assert.notEqual(second.cookies.chartkey_session, first.cookies.chartkey_session)
  assert.equal((await app.inject({ url: '/whoami', cookies: first.cookies })).body, 'null')
  assert.equal((await stores.sessions.listOf('user_lin')).length, 1)
})

test('signing in again keeps the session’s name and gives it another secret; somebody else’s session ends', async () => {
  const { app, signIn, stores, identity } = await createWorld([
    lin,
    { ...lin, id: 'user_2', username: 'second' },
  ])
  const first = await signIn(right)
  const names = async () => (await stores.sessions.listOf('user_lin')).map(({ id }) => id)
  const [name = ''] = await names()
  const again = await signIn(right, { cookies: first.cookies })
  assert.deepEqual(await names(), [name])
  assert.equal((await app.inject({ url: '/whoami', cookies: again.cookies })).body, '"user_lin"')
  assert.equal((await app.inject({ url: '/whoami', cookies: first.cookies })).body, 'null')
  await signIn({ ...right, username: 'second' }, { cookies: again.cookies })
  assert.equal(await identity.isSessionLive(name), false)
  assert.deepEqual(await names(), [])
})

test('the store has only the hash of what the browser holds', async () => {
  const { signIn, stores } = await world()
  const { cookies } = await signIn(right)
  const kept = JSON.stringify(await stores.sessions.listOf('user_lin'))
  assert.ok(!kept.includes(cookies.chartkey_session ?? ''))
})

test('SEC-14: a session ends when unused, and after its lifetime however much it is used', async () => {
  const { app, signIn, clock, identity, stores } = await world()
  const { cookies } = await signIn(right)
  const who = async () => (await app.inject({ url: '/whoami', cookies })).body
  const sessionId = (await stores.sessions.listOf('user_lin'))[0]?.id ?? ''
  const start = clock.now
  while (clock.now + SESSION_IDLE_LIMIT / 2 < start + SESSION_LIFETIME) {
    clock.now += SESSION_IDLE_LIMIT / 2
    assert.equal(await who(), '"user_lin"')
  }
  assert.equal(await identity.isSessionLive(sessionId), true)
  clock.now = start + SESSION_LIFETIME
  assert.equal(await who(), 'null')
  assert.equal(await identity.isSessionLive(sessionId), false)
  await identity.sweep()
  assert.deepEqual(await stores.sessions.listOf('user_lin'), [])

  const later = await signIn(right)
  clock.now += SESSION_IDLE_LIMIT
  assert.equal((await app.inject({ url: '/whoami', cookies: later.cookies })).body, 'null')
})

test('a disabled account’s session ends at once', async () => {
  const { app, signIn, identity, disable } = await world()
  const { cookies } = await signIn(right)
  assert.equal(await identity.isUserActive('user_lin'), true)
  await disable('user_lin')
  assert.equal((await app.inject({ url: '/whoami', cookies })).body, 'null')
  assert.equal(await identity.isUserActive('user_lin'), false)
})

test('guessing is slowed down for the guesser’s address only', async () => {
  const { signIn, clock } = await world()
  for (let attempt = 0; attempt < 5; attempt++) {
    assert.equal((await signIn({ username: 'dr.lin', password: 'wrong' })).status, 401)
  }
  const held = await signIn(right)
  assert.equal(held.status, 429)
  assert.ok(Number(held.headers['retry-after']) > 0)
  assert.equal((await signIn(right, { address: '192.0.2.2' })).status, 303)
  clock.now += 10_000
  assert.equal((await signIn(right)).status, 303)
  assert.equal((await signIn({ username: 'dr.lin', password: 'wrong' })).status, 401)
})

test('who is signed in goes straight on, unless credentials are wanted again', async () => {
  const { app, signIn } = await world()
  const { cookies } = await signIn(right)
  const straight = await app.inject({ url: '/account/sign-in?return_to=/ehr', cookies })
  assert.equal(straight.headers.location, '/ehr')
  const again = await app.inject({ url: '/account/sign-in?return_to=/ehr&again=1&username=dr.lin', cookies })
  assert.equal(again.status, 200)
  assert.match(again.body, /name="username"[^>]*value="dr.lin"/)
})

test('the form may end where the waiting app is, and keeps a pop-up’s opener there', async () => {
  const { app } = await world()
  const waiting = await app.inject({ url: '/account/sign-in?return_to=/oauth/authorize%3Fa%3Db' })
  assert.match(waiting.headers['content-security-policy'] ?? '', /form-action 'self' https:\/\/app\.example;/)
  assert.equal(waiting.headers['cross-origin-opener-policy'], 'unsafe-none')
  const plain = await app.inject({ url: '/account/sign-in' })
  assert.match(plain.headers['content-security-policy'] ?? '', /form-action 'self';/)
  assert.equal(plain.headers['cross-origin-opener-policy'], 'same-origin')
})

test('over https the session cookie is Secure and bound to the host', async () => {
  const { signIn, app } = await createWorld([lin], { baseUrl: 'https://ehr.example' })
  const reply = await signIn(right)
  const cookie = reply.setCookies.find((text) => text.includes('chartkey_session'))
  assert.match(cookie ?? '', /^__Host-chartkey_session=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Secure$/)
  assert.equal((await app.inject({ url: '/whoami', cookies: reply.cookies })).body, '"user_lin"')
})
