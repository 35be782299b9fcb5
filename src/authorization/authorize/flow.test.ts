import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Flow, type FlowState, isLegalMove, moved } from './flow.ts'

const states: readonly FlowState[] = ['signing-in', 'choosing', 'consenting', 'finished']

test('a flow only goes forward, and nothing leaves its end', () => {
  const legal = states.map((from) => states.filter((to) => isLegalMove(from, to)))
  assert.deepEqual(legal, [states, ['choosing', 'consenting', 'finished'], ['finished'], []])
})

test('an illegal move throws', () => {
  const finished = { state: 'finished' } as Partial<Flow> as Flow
  for (const state of states) assert.throws(() => moved(finished, state))
})
