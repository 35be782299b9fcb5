/** Attempts to have the answer sent elsewhere: each is told in place and never redirected (RFC-01, RFC-02, REG-03, EM-20). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizeParameters, Browser, query, redeem } from './visit.ts'
import { callback, createWorld, publicApp, users } from './world.ts'

const foreign: readonly (readonly [string, string])[] = [
  ['another host', 'https://evil.example/callback'],
  ['another path', 'https://app.example/other'],
  ['a longer path', `${callback}/more`],
  ['a trailing slash', `${callback}/`],
  ['a shorter path', 'https://app.example/'],
  ['dot segments', 'https://app.example/x/../callback'],
  ['encoded dot segments', 'https://app.example/%2e%2e/callback'],
  ['an encoded letter', 'https://app.example/callbac%6B'],
  ['a query', `${callback}?next=https://evil.example`],
  ['a fragment', `${callback}#fragment`],
  ['a port', 'https://app.example:444/callback'],
  ['the default port', 'https://app.example:443/callback'],
  ['user information', 'https://app.example@evil.example/callback'],
  ['user information before the host', 'https://evil@app.example/callback'],
  ['a backslash', 'https://evil.example\\@app.example/callback'],
  ['upper case in the host', 'https://APP.example/callback'],
  ['upper case in the scheme', 'HTTPS://app.example/callback'],
  ['upper case in the path', 'https://app.example/Callback'],
  ['a look-alike letter', 'https://аpp.example/callback'],
  ['a full-width dot', 'https://app．example/callback'],
  ['a host suffix', 'https://app.example.evil.example/callback'],
  ['plain http', 'http://app.example/callback'],
  ['no scheme', '//app.example/callback'],
  ['a script', 'javascript:alert(1)//https://app.example/callback'],
  ['a data URL', 'data:text/html,<script>alert(1)</script>'],
  ['a space before', ` ${callback}`],
  ['a space after', `${callback} `],
  ['a line break', `${callback}\r\nSet-Cookie: a=b`],
  ['a null character', `${callback}\0`],
  ['two at once', `${callback} https://evil.example/`],
  ['a wildcard', 'https://*.example/callback'],
  ['another private scheme', 'org.example.app2:/cb'],
  ['a private scheme with a host', 'org.example.app://evil/cb'],
  ['the loopback address by another name', 'http://127.0.0.1:3000/cb'],
  ['a loopback port with user information', 'http://localhost:3000@evil.example/cb'],
  ['a loopback host suffix', 'http://localhost.evil.example:3000/cb'],
  ['a loopback path that differs', 'http://localhost:3000/cb/../x'],
  ['a loopback port that is none', 'http://localhost:99999/cb'],
  ['a loopback port of zero', 'http://localhost:0/cb'],
  ['a loopback port of letters', 'http://localhost:80a/cb'],
  ['https on loopback', 'https://localhost:3000/cb'],
]

for (const [what, uri] of foreign) {
  test(`RFC-01: a redirect URI with ${what} is refused in place`, async () => {
    const world = await createWorld()
    const page = await new Browser(world, users.patient).open({ redirect_uri: uri })
    assert.equal(page.reply.status, 400)
    assert.equal(page.reply.headers.location, undefined)
    assert.match(page.reply.headers['content-type'] ?? '', /^text\/html/)
  })
}

test('RFC-01: a missing redirect URI is refused in place, also with one registered', async () => {
  const world = await createWorld()
  for (const redirect_uri of [undefined, '']) {
    const page = await new Browser(world, users.patient).open({ redirect_uri })
    assert.equal(page.reply.status, 400)
    assert.equal(page.reply.headers.location, undefined)
  }
})

test('RFC-03: a doubled redirect URI or client is refused in place, whichever comes first', async () => {
  const world = await createWorld()
  const browser = new Browser(world, users.patient)
  for (const extra of [
    ['redirect_uri', 'https://evil.example/'],
    ['redirect_uri', callback],
    ['client_id', 'other-app'],
  ] as const) {
    for (const pairs of [
      [...authorizeParameters(), extra],
      [extra, ...authorizeParameters()],
    ]) {
      const reply = await browser.get(`/oauth/authorize?${query(pairs)}`)
      assert.equal(reply.status, 400)
      assert.equal(reply.headers.location, undefined)
    }
  }
})

test('RFC-27: only the port of a loopback redirect URI is free', async () => {
  const world = await createWorld()
  for (const redirect_uri of [
    'http://localhost:3000/cb',
    'http://localhost:51234/cb',
    'http://localhost/cb',
  ]) {
    const page = await new Browser(world, users.patient).open({ redirect_uri, scope: 'openid' })
    const back = await page.allow()
    assert.ok(back.reply.headers.location?.startsWith(`${redirect_uri}?code=`), redirect_uri)
  }
})

test('RFC-27: of each loopback address that an app registered, by number or by name, the port is free, and nothing else', async () => {
  for (const host of ['127.0.0.1', '[::1]', 'localhost']) {
    const world = await createWorld({ clients: [{ ...publicApp, redirectUris: [`http://${host}/cb?x=1`] }] })
    const open = (redirect_uri: string) =>
      new Browser(world, users.patient).open({ redirect_uri, scope: 'openid' })
    for (const port of ['', ':1', ':51234', ':65535']) {
      const uri = `http://${host}${port}/cb?x=1`
      const back = await (await open(uri)).allow()
      assert.ok(back.reply.headers.location?.startsWith(`${uri}&code=`), uri)
      // The token request has to name the very port.
      const exchange = { redirect_uri: uri.replace(/:?\d*\/cb/, ':7/cb') }
      assert.equal((await redeem(world, back.code, exchange)).body.error, 'invalid_grant')
      assert.equal((await redeem(world, back.code, { redirect_uri: uri })).status, 200)
    }
    for (const uri of [`http://${host}:1/cb`, `http://${host}:1/cb?x=2`, `http://${host}:1/other?x=1`])
      assert.equal((await open(uri)).reply.status, 400, uri)
  }
})

test('an unknown or disabled app is told in place, with its name harmless', async () => {
  const world = await createWorld()
  const browser = new Browser(world, users.patient)
  for (const client_id of ['nobody', '<script>alert(1)</script>', 'x'.repeat(5000), undefined]) {
    const page = await browser.open({ client_id })
    assert.equal(page.reply.status, 400)
    assert.equal(page.reply.headers.location, undefined)
    assert.doesNotMatch(page.reply.body, /<script>alert/)
  }
})

test('a disabled app is told in place, and never redirected to', async () => {
  const world = await createWorld({ clients: [{ ...publicApp, disabled: true }] })
  const page = await new Browser(world, users.patient).open()
  assert.equal(page.reply.status, 400)
  assert.equal(page.reply.headers.location, undefined)
  assert.deepEqual(await world.sql.all('SELECT * FROM flows'), [])
})

test('RFC 6749 §4.1.2.1: an answer is encoded: nothing in it ends a parameter or a header', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.patient).open({ scope: 'nonsense' })
  assert.match(page.reply.headers.location ?? '', /^https:\/\/app\.example\/callback\?[A-Za-z0-9\-._~%=&]+$/)
})
