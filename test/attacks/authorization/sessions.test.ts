/** Sessions: fixation, planted cookies, signing others in or out, and what a guesser can learn. RFC 6819 §4.4.1.13; OWASP ASVS 3.2. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { InjectedRequest } from '../../../src/http/inject.ts'
import { evil, useHouse, Visit } from './defences.ts'

const house = useHouse()

test('session fixation: a cookie that was planted is never the session of who signs in', async () => {
  const planted = 'p'.repeat(43)
  const victim = new Visit(house(), { chartkey_session: planted })
  assert.equal((await victim.signIn('patient.amara')).status, 303)
  assert.notEqual(victim.cookies.chartkey_session, planted)
  assert.equal(await new Visit(house(), { chartkey_session: planted }).isSignedIn(), false)
})

test('session fixation: the attacker’s own session, planted, is over when the victim signs in and was never the victim’s', async () => {
  const attacker = new Visit(house())
  await attacker.signIn('parent.diego')
  const victim = new Visit(house(), attacker.cookies)
  await victim.signIn('patient.amara')
  assert.notEqual(victim.cookies.chartkey_session, attacker.cookies.chartkey_session)
  assert.equal(await attacker.isSignedIn(), false)
})

test('a session value in the address, in a form or in a header opens nothing', async () => {
  const owner = new Visit(house())
  await owner.signIn('patient.amara')
  const { chartkey_session: value = '' } = owner.cookies
  const stranger = new Visit(house())
  const tries: readonly InjectedRequest[] = [
    { url: `/account?chartkey_session=${value}` },
    { url: `/account;chartkey_session=${value}` },
    { url: '/account', headers: { 'x-session': value, authorization: `Bearer ${value}` } },
    { url: '/account', headers: { cookie: `other=${value}; Chartkey_Session=${value}` } },
  ]
  for (const request of tries)
    assert.notEqual((await stranger.send(request)).status, 200, JSON.stringify(request))
})

test('a sign-out is final: the old cookie opens nothing', async () => {
  const visit = new Visit(house())
  await visit.signIn('patient.amara')
  const kept = { ...visit.cookies }
  const page = await visit.send({ url: '/account/sign-out' })
  const _csrf = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
  await visit.send({ url: '/account/sign-out', form: { _csrf } })
  assert.equal(await new Visit(house(), kept).isSignedIn(), false)
})

for (const [what, request] of [
  ['a link', { url: '/account/sign-out', method: 'GET' }],
  ['a link with a method in its query', { url: '/account/sign-out?_method=POST', method: 'GET' }],
  [
    'a form of another site',
    { url: '/account/sign-out', form: {}, headers: { origin: evil, 'sec-fetch-site': 'cross-site' } },
  ],
  ['a form without our field', { url: '/account/sign-out', form: { _csrf: 'x' } }],
] as const)
  test(`nobody is signed out by ${what}`, async () => {
    const visit = new Visit(house())
    await visit.signIn('patient.amara')
    await visit.send(request)
    assert.equal(await visit.isSignedIn(), true)
  })

for (const [what, more] of [
  ['from another site', { headers: { 'sec-fetch-site': 'cross-site', origin: evil } }],
  ['from another host of the same site', { headers: { 'sec-fetch-site': 'same-site' } }],
  ['as plain text', { headers: { 'content-type': 'text/plain' } }],
  ['as JSON', { headers: { 'content-type': 'application/json' } }],
] as const)
  test(`nobody is signed in by a form that was sent ${what}`, async () => {
    const visit = new Visit(house())
    assert.notEqual((await visit.signIn('dr.lin', 'sandbox', more)).status, 303)
    assert.equal(await visit.isSignedIn(), false)
  })

for (const target of [
  evil,
  '//evil.example',
  '/\\evil.example',
  '/%5cevil.example',
  '/%2fevil.example',
  'https:evil.example',
  'javascript:alert(1)',
  '/\tevil',
  '/account/..//evil.example',
  'http://localhost:8080@evil.example/',
  '\u0000/account',
  '/x\r\nLocation: https://evil.example/',
])
  test(`after signing in nobody is sent to ${JSON.stringify(target).slice(0, 50)}`, async () => {
    const { headers, status } = await new Visit(house()).signIn(
      'patient.amara',
      'sandbox',
      {},
      { return_to: target },
    )
    assert.equal(status, 303)
    assert.equal(new URL(headers.location ?? '', house().baseUrl).origin, house().baseUrl)
    assert.doesNotMatch(headers.location ?? '', /[\r\n\\]|^\/\//)
  })

test('a guesser cannot tell an account that exists from one that does not', async () => {
  const texts = new Set<string>()
  for (const username of [
    'dr.lin',
    'nobody.at.all',
    'DR.LIN ',
    "' OR 1=1 --",
    'x'.repeat(5_000),
    'a\u0000b',
  ]) {
    const reply = await new Visit(house()).signIn(username, 'wrong')
    assert.equal(reply.status, 401, username.slice(0, 20))
    texts.add(plain(reply.body))
  }
  assert.equal(texts.size, 1)
})

/** A page without what was typed and what differs each time. */
function plain(body: string): string {
  return body.replaceAll(/(?:value|content)="[^"]*"/g, '').replaceAll(/\?[^"]*"/g, '"')
}

test('secrets are compared in constant time, and a missing account costs the work of one that is there: nowhere else do hashes meet', () => {
  const texts = ['src/authorization', 'src/identity', 'src/http', 'src/server', 'src/store'].flatMap(
    (folder) =>
      globSync(`${folder}/**/*.ts`)
        .filter((path) => !/test(?:-world)?\.ts$|\.test\.ts$/.test(path))
        .map((path) => [path, readFileSync(path, 'utf8')] as const),
  )
  const compared =
    /\b\w*(?:secretHash|passwordHash|secret|password|csrf|hash)\b\s*[!=]==?\s*(?!undefined|null|''|""|true|false|0)\w[\w.]*(?:hash|secret|password|csrf)\w*/i
  const found = texts.filter(([, text]) => compared.test(text)).map(([path]) => path)
  assert.deepEqual(found, [])
  const of = (path: string) => texts.find(([name]) => name === path)?.[1] ?? ''
  assert.match(of('src/authorization/secrets.ts'), /timingSafeEqual/)
  assert.match(of('src/http/csrf.ts'), /timingSafeEqual/)
  assert.match(of('src/identity/passwords.ts'), /timingSafeEqual/)
  // The hash is derived before anything is told of the account, whether there is one or not.
  const check = of('src/identity/check-credentials.ts')
  assert.ok(
    check.indexOf('isPassword(') > 0 && check.indexOf('isPassword(') < check.indexOf("'unknown-user'"),
  )
})
