import assert from 'node:assert/strict'
import { test } from 'node:test'
import { covers, parseGrant } from './grant.ts'
import { parseScope, parseScopes } from './scope.ts'

test('a scope has no character that a scope token cannot have, whatever kind of scope it is', () => {
  for (const token of [
    '__a"b',
    'urn:a"b',
    'urn:a\\b',
    '__a\u0000b',
    'urn:\u007f',
    '__\u00e9',
    'launch/patient?role="x"',
  ]) {
    assert.equal(parseScope(token), undefined, JSON.stringify(token))
    assert.deepEqual(parseScopes(`openid ${token}`).refused, [token])
  }
  assert.equal(parseScope("urn:a'b")?.kind, 'extension')
})

test('what was granted for one role is not granted for another', () => {
  const asked = parseGrant('launch/patient?role=friend')
  assert.ok(covers(parseGrant('launch/patient?role=friend'), asked))
  for (const granted of ['launch/patient?role=foe', 'launch/patient', 'launch'])
    assert.ok(!covers(parseGrant(granted), asked), granted)
})
