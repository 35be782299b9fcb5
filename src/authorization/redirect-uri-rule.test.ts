import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { problemOfRedirectUri } from './redirect-uri-rule.ts'

test('REG-03: what is accepted goes exactly where it says, over https or to this machine', () => {
  const accepted = fc
    .oneof(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.string())
    .filter((uri) => problemOfRedirectUri(uri) === undefined)
  fc.assert(
    fc.property(accepted, (uri) => {
      const url = new URL(uri)
      assert.ok(url.href === uri || url.href === `${uri}/` || url.href.replace('/?', '?') === uri)
      assert.equal(url.hash + url.username + url.password, '')
      assert.ok(
        url.protocol === 'https:' ||
          ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname) ||
          url.protocol.includes('.'),
      )
    }),
  )
})

test('RFC 8252 §7.1: a private-use scheme is a reversed domain name', () => {
  assert.equal(problemOfRedirectUri('org.example.app:/cb'), undefined)
  for (const uri of [
    'myapp:/cb',
    'javascript:1',
    'data:,x',
    'ftp://example.org/',
    'org.example.app',
    '.a:/x',
    'a.:/x',
    'A.+:',
    'org.example.app:',
    'Org.Example.App:/cb',
    'org.example.app:cb',
  ]) {
    assert.notEqual(problemOfRedirectUri(uri), undefined, uri)
  }
})
