import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { OAuthError, oauthErrors } from '../authorization/errors.ts'
import { parseDocument } from '../authorization/registration/client-document.ts'
import { problemOfScopes } from '../authorization/registration/known-scopes.ts'
import { parseMetadata } from '../authorization/registration/parse-metadata.ts'
import { reasonIn } from '../ui/reasons.ts'

/** What makes the reasons that pages show: of metadata, keys, redirect URIs, documents. */
const sources = [
  'client-metadata.ts',
  'redirect-uri-rule.ts',
  'web-url-rule.ts',
  'registration/key-set.ts',
  'registration/client-document.ts',
  'registration/fetch-document.ts',
]

function inChinese(reason: string): string {
  const told = reasonIn('zh-TW', reason) ?? ''
  assert.match(told, /\p{Script=Han}/u, `no Chinese for: ${reason}`)
  assert.doesNotMatch(told, /[a-z]+ [a-z]+ [a-z]+/i, `half English: ${told}`)
  return told
}

/** The quoted texts of a line of code that are more than one word. */
function sentencesOf(line: string): string[] {
  if (/^\s*(?:\/\/|\/?\*|import )|'launch |const characters/.test(line)) return []
  return [...line.matchAll(/'([^']*)'/g)].map(([, text = '']) => text).filter((text) => /\w \w/.test(text))
}

const uri = 'https://app.example/cb'
const good = { client_name: 'App', redirect_uris: [uri], token_endpoint_auth_method: 'none' }

test('every sentence by which metadata is refused is told in Chinese', async () => {
  for (const source of sources) {
    const text = await readFile(new URL(`../authorization/${source}`, import.meta.url), 'utf8')
    const sentences = text.split('\n').flatMap(sentencesOf)
    assert.ok(sentences.length > 3, source)
    for (const sentence of sentences.filter((one) => one !== 'Unnamed app')) {
      inChinese(sentence.replaceAll('"', "'"))
    }
  }
})

test('what the rules of single members say is told in Chinese, with the values in it', () => {
  const bad: readonly object[] = [
    { client_name: 'x'.repeat(201) },
    { client_name: '' },
    { client_name: 1 },
    { redirect_uris: Array(21).fill(uri) },
    { redirect_uris: uri },
    { grant_types: [] },
    { grant_types: ['password'] },
    { response_types: ['token'] },
    { token_endpoint_auth_method: 'basic' },
    { jwks: [] },
    { jwks: { keys: [] } },
    { require_pushed_authorization_requests: 'yes' },
    { logo_uri: `https://app.example/${'x'.repeat(2000)}` },
  ]
  for (const members of bad) {
    assert.throws(
      () => parseMetadata({ ...good, ...members }),
      (error) => {
        assert.ok(error instanceof OAuthError)
        inChinese(error.text.replace(/^[\w.]+: /, ''))
        return true
      },
    )
  }
  assert.equal(reasonIn('zh-TW', 'Too big: expected string to have <=200 characters'), '最多 200 個字元')
})

test('a scope that is none here is told in Chinese, by its name where it can be shown', () => {
  for (const [text, told] of [
    ['openid patient/Observations.rs', /「patient\/Observations\.rs」/],
    ['openid patiënt/Observation.rs', /其中一部分/],
  ] as const)
    assert.match(reasonIn('zh-TW', problemOfScopes(text) ?? '') ?? '', told)
})

test('a refused metadata document is told in Chinese, member and reason', () => {
  const id = 'https://apps.example/client.json'
  assert.throws(
    () => parseDocument(id, { ...good, client_id: id }),
    (error) => {
      assert.ok(error instanceof OAuthError)
      const text = `The document at the address in client_id has a member that is not acceptable: ${error.text}.`
      assert.equal(inChinese(text), 'client_id 所指文件的 redirect_uris 有誤：https 網址必須與文件同源。')
      return true
    },
  )
  for (const told of ['cannot be reached', 'answers with status 404, not 200', 'is too large']) {
    inChinese(`The document at the address in client_id ${told}.`)
  }
  inChinese('The parameter client_id is an address: longer than 256 characters.')
})

test('what people meet before an app is known, at a logout, and in a running authorization is told in Chinese', () => {
  const shown =
    /^(?:client(?:Missing|Unknown|Waiting|Repeated)|redirect(?:Missing|Repeated|Unknown)|requestUriUnknown|flow|formForged|choiceUnknown|logout)/
  const names = Object.entries(oauthErrors).filter(([name]) => shown.test(name))
  assert.ok(names.length >= 16)
  for (const [, { text }] of names) inChinese(text)
})

test('what could not be read as a request is told in Chinese', async () => {
  const text = await readFile(new URL('../http/read-failures.ts', import.meta.url), 'utf8')
  const table = text.slice(text.indexOf('READ_FAILURES'), text.indexOf('const CONNECTION_FAILURES'))
  const sentences = table.split('\n').flatMap(sentencesOf)
  assert.ok(sentences.length >= 7)
  for (const sentence of sentences) inChinese(sentence)
})

test('English is told as it is, and what a language has no words for is left to English', () => {
  assert.equal(reasonIn('en', 'too long'), undefined)
  assert.equal(reasonIn('zh-TW', 'toString'), undefined)
  assert.equal(reasonIn('zh-TW', 'something new'), undefined)
})
