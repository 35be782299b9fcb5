import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestEvent } from 'node:test/reporters'
import { Proofs } from './proofs.ts'

function ended(type: 'test:pass' | 'test:fail', name: string, more: object = {}): TestEvent {
  return {
    type,
    data: { name, file: '/f.test.ts', details: { type: 'test' }, ...more },
  } as unknown as TestEvent
}

function heard(...events: TestEvent[]): Proofs {
  const proofs = new Proofs()
  for (const event of events) proofs.enter(event)
  return proofs
}

test('a claim holds when a test that cites it passed and none failed', () => {
  const good = heard(ended('test:pass', 'TOK-01: a'), ended('test:pass', 'SQLite: TOK-02, TOK-03: b'))
  assert.deepEqual(good.judge(['TOK-01', 'TOK-02', 'TOK-03']), { passed: 1, failed: 0 })
})

test('a claim falls when its test failed, was skipped or never ran', () => {
  const failed = heard(ended('test:pass', 'TOK-01: a'), ended('test:fail', 'TOK-01: b'))
  assert.deepEqual(failed.judge(['TOK-01']), { passed: 0, failed: 1 })
  const skipped = heard(ended('test:pass', 'TOK-01: a', { skip: 'no network' }))
  assert.deepEqual(skipped.judge(['TOK-01']), { passed: 0, failed: 1 })
  assert.deepEqual(heard().judge(['TOK-01']), { passed: 0, failed: 1 })
})
