import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OAuthError, oauthErrors } from './errors.ts'

test('RFC-04, RFC-07: every public text keeps to the characters of error_description, every code to those of error', () => {
  for (const { error, text } of Object.values(oauthErrors)) {
    assert.match(text, /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
    assert.match(error, /^[a-z_]+$/)
  }
})

test('RFC-01: nothing about client or redirect URI may go to the redirect URI', () => {
  for (const name of [
    'clientMissing',
    'clientUnknown',
    'clientRepeated',
    'redirectMissing',
    'redirectRepeated',
    'redirectUnknown',
  ] as const) {
    assert.equal(oauthErrors[name].redirect, false)
  }
})

test('a detail is private: it is in none of the public members', () => {
  const error = new OAuthError('code', { detail: 'the hash was abc' })
  assert.equal(error.text, oauthErrors.code.text)
  assert.doesNotMatch(`${error.message} ${error.text}`, /abc/)
  assert.equal(error.detail, 'the hash was abc')
})

test('RFC-07: a sharper text keeps to the characters of error_description as well', () => {
  const { text } = new OAuthError('metadata', { text: 'client_name: "Büro"\r\n\\' })
  assert.equal(text, "client_name: 'B?ro'??'")
})
