import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkUnconditionalCreate, isKnown, requiredVersion } from './preconditions.ts'

const requestWith = (headers: Record<string, string>) => ({
  method: 'PUT',
  path: '',
  search: '',
  headers,
  body: '',
  contentType: '',
})

test('If-Match names one version, weak or strong', () => {
  assert.equal(requiredVersion(requestWith({ 'if-match': 'W/"3"' })), '3')
  assert.equal(requiredVersion(requestWith({ 'if-match': '"3"' })), '3')
  assert.equal(requiredVersion(requestWith({})), undefined)
})

for (const header of ['', '*', 'W/"1", W/"2"'])
  test(`If-Match: «${header}» is refused, not taken for no condition`, () => {
    assert.throws(() => requiredVersion(requestWith({ 'if-match': header })), /one version/)
  })

for (const name of ['if-none-exist', 'if-match', 'if-none-match', 'if-unmodified-since'])
  test(`a create with ${name} is refused, even when it is empty`, () => {
    assert.throws(() => checkUnconditionalCreate(requestWith({ [name]: '' })), /does not support/)
  })

for (const name of ['if-none-exist', 'if-none-match', 'if-unmodified-since'])
  test(`an update with ${name} is refused`, () => {
    assert.throws(() => requiredVersion(requestWith({ [name]: '*' })), /does not support/)
  })

test('If-None-Match knows a version in any of its tags', () => {
  assert.equal(isKnown(requestWith({ 'if-none-match': '"1", W/"2"' }), '2'), true)
  assert.equal(isKnown(requestWith({ 'if-none-match': '*' }), '2'), true)
  assert.equal(isKnown(requestWith({ 'if-none-match': 'W/"1"' }), '2'), false)
  assert.equal(isKnown(requestWith({}), '2'), false)
})
