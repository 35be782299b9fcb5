/** What every page tells a browser: no frame, no script of others, no leak of addresses; and that no header of a request changes where links lead. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evil, useHouse, Visit } from './defences.ts'

const sandbox = useHouse()
const hospital = useHouse({ sandbox: false, baseUrl: 'https://ehr.example' })

test('clickjacking: outside the sandbox nobody may frame any page, in it only its own EHR', async () => {
  for (const [house, ancestors] of [
    [hospital(), "'none'"],
    [sandbox(), "'self'"],
  ] as const) {
    const visit = new Visit(house)
    if (house === sandbox()) await visit.signIn('dr.lin')
    for (const { path, methods } of house.app.addresses.filter(({ methods: all }) => all.includes('GET'))) {
      assert.ok(methods.length > 0)
      const url = path.replace(/:\w+/g, 'x').replace('*', 'x')
      const { headers } = await visit.send({ url })
      const csp = headers['content-security-policy'] ?? ''
      assert.match(csp, new RegExp(`frame-ancestors (?:'none'|${ancestors})$`), url)
      assert.match(csp, /^default-src 'none'; script-src 'self'; style-src 'self'/, url)
      assert.doesNotMatch(csp, /unsafe|\*|evil/, url)
      assert.equal(headers['x-content-type-options'], 'nosniff', url)
      assert.equal(headers['referrer-policy'], 'no-referrer', url)
    }
  }
})

test('scripts of a page are files of ours: none stands in the page itself', async () => {
  const visit = new Visit(sandbox())
  await visit.signIn('dr.lin')
  for (const url of [
    '/',
    '/account/sign-in?again=1',
    '/ehr',
    '/ehr/patients/amara',
    '/launcher',
    '/account',
    '/account/apps',
  ]) {
    const { body, headers } = await visit.send({ url })
    if (!headers['content-type']?.startsWith('text/html')) continue
    assert.doesNotMatch(body, /<script(?![^>]*\bsrc=)[^>]*>/i, url)
    assert.doesNotMatch(body, /\son[a-z]+\s*=\s*"/i, url)
    assert.doesNotMatch(body, /\sstyle="/i, url)
  }
})

test('over https cookies are Secure with a host prefix, HttpOnly and SameSite, and browsers are told to stay with https', async () => {
  const { setCookies, headers } = await hospital().inject({ url: '/account/sign-in' })
  assert.ok(setCookies.length > 0)
  for (const cookie of setCookies) assert.match(cookie, /^__Host-.*; Path=\/; HttpOnly; SameSite=Lax; Secure/)
  assert.match(headers['strict-transport-security'] ?? '', /^max-age=\d{7,}/)
})

const forged: readonly Readonly<Record<string, string>>[] = [
  { host: 'evil.example' },
  { host: 'evil.example:80@localhost' },
  { host: '' },
  { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', 'x-forwarded-port': '666' },
  { forwarded: 'host=evil.example;proto=https' },
  { 'x-original-url': '/admin', 'x-rewrite-url': '/admin' },
  { 'x-forwarded-prefix': '/evil' },
]

for (const headers of forged)
  test(`host header: no address of ours follows ${JSON.stringify(headers)}`, async () => {
    for (const url of [
      '/fhir/.well-known/smart-configuration',
      '/.well-known/openid-configuration',
      '/fhir/metadata',
      '/account/sign-in?again=1',
      '/account',
      '/oauth/authorize?client_id=trends',
      '/nothing',
    ]) {
      const reply = await sandbox().inject({ url, headers })
      const told = reply.body + JSON.stringify(reply.headers)
      assert.doesNotMatch(told, /evil\.example|:666|\/evil/, url)
      assert.notEqual(reply.status, 500)
    }
  })

for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override', '_method'])
  test(`a method in ${name} is no method`, async () => {
    const reply = await sandbox().inject({
      url: `/oauth/token?${name}=POST`,
      method: 'GET',
      headers: { [name]: 'POST' },
    })
    assert.equal(reply.status, 405)
    assert.equal(reply.headers.allow, 'POST, OPTIONS')
    const posted = await sandbox().inject({ url: '/oauth/jwks', form: {}, headers: { [name]: 'GET' } })
    assert.equal(posted.status, 405)
  })

for (const origin of [
  evil,
  'null',
  'http://localhost:8080.evil.example',
  'https://localhost:8080',
  'http://LOCALHOST:8080',
])
  test(`a page of ${origin} reads neither tokens nor records`, async () => {
    for (const url of ['/oauth/token', '/fhir/Patient']) {
      const reply = await sandbox().inject({
        url,
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      })
      assert.equal(reply.headers['access-control-allow-origin'], undefined)
      assert.equal(reply.headers['access-control-allow-credentials'], undefined)
    }
  })
