import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestEvent } from 'node:test/reporters'
import { add, formatTally, isGood, judge } from './tally.ts'

function passing(data: object): TestEvent {
  return {
    type: 'test:pass',
    data: { name: 'a', file: '/f.test.ts', details: { type: 'test' }, ...data },
  } as unknown as TestEvent
}

function failing(failureType: string): TestEvent {
  const error = Object.assign(new Error('no'), { failureType })
  return {
    type: 'test:fail',
    data: { name: 'a', file: '/f.test.ts', details: { error } },
  } as unknown as TestEvent
}

test('a passing test counts, a group counts through its members only', () => {
  assert.deepEqual(judge(passing({})), { outcome: 'passed' })
  assert.equal(judge(passing({ details: { type: 'suite' } })), undefined)
  assert.deepEqual(judge(failing('testCodeFailure')), { outcome: 'failed' })
  assert.equal(judge(failing('subtestsFailed')), undefined)
  assert.deepEqual(judge(failing('hookFailed')), { outcome: 'failed' })
})

test('a skipped test is a failure unless it says why; a test left to do is one always', () => {
  assert.deepEqual(judge(passing({ skip: true })), { outcome: 'failed', problem: 'skipped without a reason' })
  assert.deepEqual(judge(passing({ skip: '' })), { outcome: 'failed', problem: 'skipped without a reason' })
  assert.deepEqual(judge(passing({ skip: 'no network' })), { outcome: 'skipped', reason: 'no network' })
  assert.deepEqual(judge(passing({ todo: true })), { outcome: 'failed', problem: 'left to do' })
})

test('a file without a test is a failure', () => {
  assert.deepEqual(judge(passing({ name: '/f.test.ts' })), {
    outcome: 'failed',
    problem: 'no test in this file',
  })
})

test('counts add up, and a run is good only when something passed and nothing failed', () => {
  const sum = add({ passed: 2, failed: 0 }, { passed: 3, failed: 1 })
  assert.equal(formatTally(sum), '5 passed, 1 failed')
  assert.equal(isGood(sum), false)
  assert.equal(isGood({ passed: 0, failed: 0 }), false)
  assert.equal(isGood({ passed: 1, failed: 0 }), true)
})
