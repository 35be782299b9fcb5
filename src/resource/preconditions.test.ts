import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkCreateHeaders, checkPreconditions, isKnown, preconditionsOf } from './preconditions.ts'
import type { Stored } from './repository.ts'

const requestWith = (headers: Record<string, string>) => ({
  method: 'PUT',
  path: '',
  search: '',
  headers,
  body: '',
  contentType: '',
})

const stored = (version: string): Stored => ({
  type: 'Basic',
  id: '1',
  version,
  lastUpdated: '2024-05-01T12:00:00.500Z',
  deleted: false,
  resource: { resourceType: 'Basic', id: '1' },
  json: '',
})

test('If-Match names one version, weak or strong', () => {
  assert.equal(preconditionsOf(requestWith({ 'if-match': 'W/"3"' })).version, '3')
  assert.equal(preconditionsOf(requestWith({ 'if-match': '"3"' })).version, '3')
  assert.equal(preconditionsOf(requestWith({})).version, undefined)
})

for (const header of ['', '*', 'W/"1", W/"2"'])
  test(`If-Match: «${header}» is refused, not taken for no condition`, () => {
    assert.throws(() => preconditionsOf(requestWith({ 'if-match': header })), /one version/)
  })

for (const name of ['if-match', 'if-none-match', 'if-unmodified-since'])
  test(`a create with ${name} is refused, even when it is empty`, () => {
    assert.throws(() => checkCreateHeaders(requestWith({ [name]: '' })), /does not support/)
  })

for (const name of ['if-none-exist', 'if-unmodified-since'])
  test(`an update with ${name} is refused`, () => {
    assert.throws(() => preconditionsOf(requestWith({ [name]: '*' })), /does not support/)
  })

test('If-Match holds for the current version only, and never for what is not there', () => {
  const conditions = preconditionsOf(requestWith({ 'if-match': '"3"' }))
  checkPreconditions(conditions, stored('3'))
  assert.throws(() => checkPreconditions(conditions, stored('4')), /another version/)
  assert.throws(() => checkPreconditions(conditions, undefined), /another version/)
})

test('If-None-Match: * holds for what is not there only; a version, for all others', () => {
  const anything = preconditionsOf(requestWith({ 'if-none-match': '*' }))
  checkPreconditions(anything, undefined)
  assert.throws(() => checkPreconditions(anything, stored('1')), /excludes/)
  const second = preconditionsOf(requestWith({ 'if-none-match': 'W/"2"' }))
  checkPreconditions(second, stored('1'))
  assert.throws(() => checkPreconditions(second, stored('2')), /excludes/)
})

test('If-None-Match knows a version in any of its tags', () => {
  assert.equal(isKnown(requestWith({ 'if-none-match': '"1", W/"2"' }), stored('2')), true)
  assert.equal(isKnown(requestWith({ 'if-none-match': '*' }), stored('2')), true)
  assert.equal(isKnown(requestWith({ 'if-none-match': 'W/"1"' }), stored('2')), false)
  assert.equal(isKnown(requestWith({}), stored('2')), false)
})

test('RFC 9110 §13.1.3: If-Modified-Since counts whole seconds, and only without If-None-Match', () => {
  const at = (time: string, more = {}) =>
    isKnown(requestWith({ 'if-modified-since': time, ...more }), stored('2'))
  assert.equal(at('Wed, 01 May 2024 12:00:00 GMT'), true)
  assert.equal(at('Wed, 01 May 2024 11:59:59 GMT'), false)
  assert.equal(at('yesterday'), false)
  assert.equal(at('Wed, 01 May 2024 12:00:00 GMT', { 'if-none-match': 'W/"1"' }), false)
})
