import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPageLinks, type Page } from './page-link.ts'
import { anybody } from './request.ts'

const page: Page = {
  of: 'Observation',
  parameters: [
    ['patient', '1'],
    ['name', '林'],
  ],
  cursor: 'abc',
  total: 12,
}
const caller = { ...anybody, grantId: 'g1', clientId: 'app', user: 'u1', tokenId: 't1' }
const links = createPageLinks('secret')

test('a link gives its page back to the same grant, also after a refresh', () => {
  const token = links.seal(page, caller)
  assert.deepEqual(links.open(token, { ...caller, tokenId: 't2' }), page)
})

test('the link of a long search is shorter than the search', () => {
  const long: Page = { ...page, parameters: [['code', 'http://loinc.org|8867-4,'.repeat(500)]] }
  const token = links.seal(long, caller)
  assert.ok(token.length < 1000)
  assert.deepEqual(links.open(token, caller), long)
})

test('a link says nothing to whoever looks at it, and no two are alike', () => {
  const token = links.seal(page, caller)
  assert.doesNotMatch(Buffer.from(token, 'base64url').toString('latin1'), /Observation|patient|abc/)
  assert.notEqual(token, links.seal(page, caller))
})

const strangers = [
  { ...caller, grantId: 'g2' },
  { ...caller, clientId: 'other' },
  { ...caller, user: 'u2' },
  { ...anybody, user: 'u1' },
  anybody,
]

for (const stranger of strangers)
  test(`a link is useless to ${JSON.stringify([stranger.grantId, stranger.clientId, stranger.user])}`, () => {
    assert.equal(links.open(links.seal(page, caller), stranger), undefined)
  })

test('a link of another secret, or one that was changed or cut anywhere, is no link', () => {
  const token = links.seal(page, caller)
  assert.equal(createPageLinks('other').open(token, caller), undefined)
  const bytes = Buffer.from(token, 'base64url')
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 1
    assert.equal(links.open(changed.toString('base64url'), caller), undefined)
    assert.equal(links.open(bytes.subarray(0, at).toString('base64url'), caller), undefined)
  }
})
