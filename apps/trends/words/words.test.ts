import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseLanguage } from '../record/language.js'
import { en } from './en.js'
import { zhTW } from './zh-tw.js'

test('the language is the first of the reader’s that the app speaks', () => {
  assert.equal(chooseLanguage(['fr', 'zh-TW', 'en']), 'zh-TW')
  assert.equal(chooseLanguage(['zh-Hant-HK', 'en']), 'zh-TW')
  assert.equal(chooseLanguage(['zh']), 'zh-TW')
  assert.equal(chooseLanguage(['zh-CN', 'zh-Hans-TW', 'en-US']), 'en-US')
  assert.equal(chooseLanguage(['fr']), 'en-GB')
  assert.equal(chooseLanguage([]), 'en-GB')
})

test('what is no language tag, as a foreign link may carry it, is passed over', () => {
  for (const tag of ['en-', 'en-"><script>', 'zh_TW', 'x'.repeat(100), 'en-toolongsubtag', '__proto__'])
    assert.equal(chooseLanguage([tag, 'zh-TW']), 'zh-TW', tag)
})

test('both languages have the same words, and the Chinese ones are Chinese', () => {
  const paths = (value: unknown, at: string): string[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => paths(inner, `${at}.${key}`))
      : [at]
  // English tells a gender by its code.
  const shared = (path: string) => !path.startsWith('.person.genders.')
  assert.deepEqual(
    paths(zhTW, '').filter(shared),
    paths(en, '')
      .filter(shared)
      .filter((path) => path !== '.person.genders'),
  )
  const said = (value: unknown): string[] =>
    typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(said)
      : [String(typeof value === 'function' ? value('X') : value)]
  for (const text of said(zhTW)) if (text !== '') assert.match(text, /\p{Script=Han}/u, text)
})
