import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorld } from '../../test/fixtures/identity-world.ts'
import type { Account } from './account.ts'
import { hashPassword } from './passwords.ts'

const diego: Account = {
  id: 'user_diego',
  username: 'parent.diego',
  name: 'Diego <Reyes>',
  roles: ['patient'],
  fhirUser: 'Patient/diego',
  records: ['Patient/diego', 'RelatedPerson/diego-for-mateo'],
  passwordHash: await hashPassword('sandbox'),
  disabled: false,
}

async function signedIn() {
  const world = await createWorld([diego])
  const { cookies } = await world.signIn({ username: 'parent.diego', password: 'sandbox' })
  const page = await world.app.inject({ url: '/account', cookies })
  const csrf = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
  return { ...world, page, csrf, cookies: { ...cookies, ...page.cookies } }
}

test('the account page shows who one is, and only to oneself', async () => {
  const { page, app } = await signedIn()
  assert.equal(page.status, 200)
  for (const text of [
    'Diego &#60;Reyes&#62;',
    'parent.diego',
    'Patient/diego',
    'RelatedPerson/diego-for-mateo',
  ]) {
    assert.ok(page.body.includes(text), text)
  }
  assert.equal(page.headers['cache-control'], 'no-store')
  const stranger = await app.inject({ url: '/account' })
  assert.equal(stranger.headers.location, '/account/sign-in?return_to=%2Faccount')
})

test('a chosen language is kept with the account and on this browser', async () => {
  const { app, cookies, csrf, identity } = await signedIn()
  const form = { _csrf: csrf, locale: 'zh-TW' }
  const saved = await app.inject({ url: '/account', form, cookies })
  assert.equal(saved.cookies.chartkey_locale, 'zh-TW')
  assert.equal((await identity.accounts.find('user_diego'))?.locale, 'zh-TW')
  const page = await app.inject({ url: '/account?saved=1', cookies: { ...cookies, ...saved.cookies } })
  assert.match(page.body, /<html lang="zh-TW">[\s\S]*已儲存您的語言設定/)
  const forged = await app.inject({ url: '/account', form: { locale: 'en' }, cookies })
  assert.equal(forged.status, 303)
  assert.equal((await identity.accounts.find('user_diego'))?.locale, 'zh-TW')
})

test('switching the language stays on the page, also when its address asks for another', async () => {
  const { app } = await signedIn()
  const to = (path: string) =>
    app.inject({ url: `/account/language?${new URLSearchParams({ locale: 'zh-TW', return_to: path })}` })
  const reply = await to('/oauth/authorize?ui_locales=en&state=x')
  assert.equal(reply.headers.location, '/oauth/authorize?ui_locales=zh-TW&state=x')
  assert.equal(reply.cookies.chartkey_locale, 'zh-TW')
  assert.equal((await to('//evil.example')).headers.location, '/account')
  assert.equal((await app.inject({ url: '/account/language?locale=xx' })).status, 400)
})

test('signing out asks first, needs the form, and ends the session', async () => {
  const { app, cookies, csrf, stores, events } = await signedIn()
  assert.match((await app.inject({ url: '/account/sign-out', cookies })).body, /Sign out\?/)
  await app.inject({ method: 'POST', url: '/account/sign-out', cookies })
  assert.equal((await stores.sessions.listOf('user_diego')).length, 1)
  const reply = await app.inject({ url: '/account/sign-out', form: { _csrf: csrf }, cookies })
  assert.equal((await stores.sessions.listOf('user_diego')).length, 0)
  assert.equal(reply.cookies.chartkey_session, '')
  assert.equal(events.at(-1)?.action, 'signed-out')
  assert.match((await app.inject({ url: '/account/sign-out' })).body, /You are signed out/)
})

test('the way to administration is shown to administrators only', async () => {
  const chief: Account = { ...diego, id: 'user_chief', username: 'chief', roles: ['admin'] }
  const world = await createWorld([diego, chief])
  const seen = await Promise.all(
    ['parent.diego', 'chief'].map(async (username) => {
      const { cookies } = await world.signIn({ username, password: 'sandbox' })
      return (await world.app.inject({ url: '/account', cookies })).body.includes('href="/admin"')
    }),
  )
  assert.deepEqual(seen, [false, true])
})
