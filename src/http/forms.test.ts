import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createApp } from './app.ts'
import { formatCookie, parseCookies } from './cookies.ts'
import { createCsrf } from './csrf.ts'
import { html, join, raw } from './html.ts'
import { createLog, silentLog } from './log.ts'
import { Params } from './params.ts'
import { page } from './reply.ts'
import { createSecurityHeaders, sourceOf } from './security-headers.ts'

const csrf = createCsrf('0123456789abcdef0123456789abcdef')
const app = createApp({
  routes: [
    {
      method: 'GET',
      path: '/form',
      handle: (request) => {
        const first = csrf.field(request)
        const second = csrf.field(request)
        return { ...page(200, html`${first.html}${second.html}`), cookies: first.cookies }
      },
    },
    {
      method: 'POST',
      path: '/form',
      handle: (request) => ({ status: csrf.check(request) ? 200 : 403 }),
    },
  ],
  log: silentLog,
  baseUrl: 'https://ehr.example',
  allowsOrigin: async () => false,
})

test('SEC: a form is accepted only with the value made for this browser’s cookie, and only from our own pages', async () => {
  const shown = await app.inject({ url: '/form' })
  const [first, second] = [...shown.body.matchAll(/value="([^"]+)"/g)].map((match) => match[1] ?? '')
  assert.equal(first, second)
  const form = { _csrf: first ?? '' }
  const post = (change: object) => app.inject({ url: '/form', form, cookies: shown.cookies, ...change })
  assert.equal((await post({})).status, 200)
  assert.equal((await post({ headers: { 'sec-fetch-site': 'same-origin' } })).status, 200)
  assert.equal((await post({ headers: { 'sec-fetch-site': 'cross-site' } })).status, 403)
  assert.equal((await post({ headers: { 'sec-fetch-site': 'same-site' } })).status, 403)
  assert.equal((await post({ cookies: {} })).status, 403)
  assert.equal((await post({ form: {} })).status, 403)
  assert.equal((await post({ form: { _csrf: `${first}x` } })).status, 403)
  const other = await app.inject({ url: '/form' })
  assert.equal((await post({ cookies: other.cookies })).status, 403)
})

test('cookies are HttpOnly and SameSite=Lax, and over https Secure with a host prefix', () => {
  const cookie = { name: 'chartkey_session', value: 'v', maxAge: 60 }
  assert.equal(formatCookie(cookie, false), 'chartkey_session=v; Path=/; HttpOnly; SameSite=Lax; Max-Age=60')
  assert.match(formatCookie(cookie, true), /^__Host-chartkey_session=v; Path=\/; .*Secure/)
  assert.equal(parseCookies('chartkey_session=planted', true).chartkey_session, undefined)
  assert.equal(parseCookies('a=1; __Host-chartkey_session=real', true).chartkey_session, 'real')
  assert.equal(parseCookies('a=1; a=2', false).a, '1')
  assert.equal(parseCookies('a=1', false).constructor, undefined)
})

test('inserted text is escaped, markup is not, nothing is nothing', () => {
  const nasty = `<script>"&'`
  assert.equal(html`<a title="${nasty}">`.markup, '<a title="&#60;script&#62;&#34;&#38;&#39;">')
  assert.equal(html`${[html`<b>`, 'x<', 1]}${false}${undefined}${null}${raw('<i>')}`.markup, '<b>x&#60;1<i>')
  assert.equal(join(['a', 'b'], html`<br>`).markup, 'a<br>b')
})

test('checked parameters are those of URLSearchParams whenever the encoding is sound', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }))),
      (pairs) => {
        const text = new URLSearchParams(
          pairs.map(([key, value]): [string, string] => [key, value]),
        ).toString()
        assert.deepEqual(Params.check(text).entries, Params.parse(text).entries)
      },
    ),
  )
  assert.throws(() => Params.check('a=%'), /percent-encoding/)
  assert.throws(() => Params.check('a=%C3'), /percent-encoding/)
})

test('a policy takes origins and schemes, never anything that could end the directive', () => {
  const headers = createSecurityHeaders({ baseUrl: 'http://localhost', frameAncestors: ["'self'"] })
  const csp = headers({
    formActions: ['https://app.example', 'my-app:', "x; script-src 'unsafe-inline'", 'javascript:', '*'],
  })
  assert.match(csp['content-security-policy'] ?? '', /form-action 'self' https:\/\/app\.example my-app:;/)
  assert.match(csp['content-security-policy'] ?? '', /base-uri 'none'; frame-ancestors 'self'$/)
  assert.equal(csp['cross-origin-opener-policy'], 'same-origin')
  assert.equal(csp['referrer-policy'], 'no-referrer')
  assert.equal(headers({ opener: 'kept' })['cross-origin-opener-policy'], 'unsafe-none')
  assert.equal(sourceOf('https://app.example:8443/cb?x'), 'https://app.example:8443')
  assert.equal(sourceOf('com.example.app://cb'), 'com.example.app:')
  assert.equal(sourceOf('javascript:alert(1)'), undefined)
  assert.equal(sourceOf('not a url'), undefined)
})

test('the log hides secrets wherever they stand', () => {
  const lines: string[] = []
  const log = createLog({ level: 'info', destination: { write: (line) => void lines.push(line) } })
  log.info(
    {
      code: 's3cret',
      headers: { authorization: 's3cret', 'set-cookie': 's3cret' },
      a: [{ b: { Password: 's3cret' } }],
      deep: { a: { b: { c: { d: 's3cret' } } } },
    },
    'x',
  )
  const written = lines.join('')
  assert.ok(written.includes('[hidden]'))
  assert.ok(!written.includes('s3cret'))
})
