import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApp } from '../http/app.ts'
import { html } from '../http/html.ts'
import { silentLog } from '../http/log.ts'
import { Params } from '../http/params.ts'
import { uiRoutes } from './assets.ts'
import { failurePage } from './error-page.ts'
import { formatDay } from './format.ts'
import { chooseLocale, parseLocale } from './locale.ts'
import { messages } from './messages.ts'
import { renderPage } from './page.ts'
import { field } from './parts.ts'

const app = createApp({
  routes: uiRoutes(),
  log: silentLog,
  baseUrl: 'http://localhost',
  allowsOrigin: async () => false,
  failurePage,
})

function hints(query: string, cookie?: string, accept?: string) {
  return {
    query: Params.parse(query),
    cookies: { chartkey_locale: cookie },
    headers: { 'accept-language': accept },
  }
}

test('the language is the one the app asks for, then the user’s, then the browser’s', () => {
  assert.equal(chooseLocale(hints('ui_locales=fr+zh-TW+en', 'en', 'en')), 'zh-TW')
  assert.equal(chooseLocale(hints('ui_locales=fr', 'zh-TW', 'en')), 'zh-TW')
  assert.equal(chooseLocale(hints('', undefined, 'de, en;q=0.4, zh-Hant-TW;q=0.8')), 'zh-TW')
  assert.equal(chooseLocale(hints('', undefined, 'zh-TW;q=0, de')), 'en')
  assert.equal(chooseLocale(hints('', 'nonsense', undefined)), 'en')
})

test('simplified Chinese is not taken for traditional', () => {
  assert.equal(parseLocale('zh-Hans-TW'), undefined)
  assert.equal(parseLocale('zh-CN'), undefined)
  assert.equal(parseLocale('zh'), 'zh-TW')
})

test('both languages have the same words, and none is empty', () => {
  const paths = (value: unknown, at: string): string[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => paths(inner, `${at}.${key}`))
      : [at]
  // Reasons come in English: src/server/reasons.test.ts sees to it that none is missing.
  const words = (locale: 'en' | 'zh-TW') => ({ ...messages(locale), reasons: undefined })
  assert.deepEqual(paths(words('zh-TW'), ''), paths(words('en'), ''))
  assert.ok(!JSON.stringify([messages('en'), messages('zh-TW')]).includes('""'))
})

test('a page has a language, a way past the menu, and a menu only for who is signed in', () => {
  const parts = { locale: 'zh-TW', title: 'a<b', body: html`<h1>x</h1>` } as const
  const stranger = renderPage(parts).markup
  assert.match(stranger, /<html lang="zh-TW">/)
  assert.match(stranger, /<title>a&#60;b · Chartkey<\/title>/)
  assert.match(stranger, /href="#content"/)
  assert.ok(!stranger.includes('sign-out'))
  const known = renderPage({
    ...parts,
    user: { name: 'Dr. Lin', signOutField: html`<i>` },
    here: '/x?y=1',
  }).markup
  assert.match(known, /<form method="post" action="\/account\/sign-out"><i>/)
  assert.match(known, /locale&#61;en&#38;return_to&#61;%2Fx%3Fy%3D1/)
})

test('a field says what is wrong with it to a screen reader', () => {
  const markup = field({ name: 'a', label: 'A', error: 'wrong', value: '"' }).markup
  assert.match(markup, /aria-invalid="true" aria-describedby="a-error"/)
  assert.match(markup, /value="&#34;"/)
})

test('the stylesheet is one file with an ETag, and every picture that pages name is there', async () => {
  const sheet = await app.inject({ url: '/ui/chartkey.css' })
  assert.match(sheet.headers['content-type'] ?? '', /^text\/css/)
  const again = await app.inject({
    url: '/ui/chartkey.css',
    headers: { 'if-none-match': sheet.headers.etag ?? '' },
  })
  assert.equal(again.status, 304)
  for (const url of ['/ui/logo.svg', '/ui/favicon.svg', '/favicon.ico']) {
    assert.equal((await app.inject({ url })).headers['content-type'], 'image/svg+xml')
  }
})

test('a failure is told in the reader’s language, also when the query cannot be read', async () => {
  const reply = await app.inject({ url: '/nothing?ui_locales=%zz', headers: { 'accept-language': 'zh-TW' } })
  assert.equal(reply.status, 404)
  assert.match(reply.body, /找不到此頁面/)
})

test('a date is told as exactly as it is known', () => {
  assert.equal(formatDay('en', '1980'), '1980')
  assert.equal(formatDay('en', '1980-02'), 'Feb 1980')
  assert.equal(formatDay('en', '1980-02-03T23:00:00-11:00'), '3 Feb 1980')
  assert.equal(formatDay('zh-TW', '1980-02-03'), '1980年2月3日')
  assert.equal(formatDay('en', 'soon'), 'soon')
})
