import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Resource } from '../../smart/resource.ts'
import type { Reach } from '../../smart/slice.ts'
import { planSearch } from '../search/plan-search.ts'
import { planHolds } from './holds.ts'

const about = (...patients: string[]): Resource => ({
  resourceType: 'AuditEvent',
  id: '1',
  entity: patients.map((id) => ({ what: { reference: `Patient/${id}` } })),
})
const all = { type: 'AuditEvent', compartments: [], filter: [] }
const held = (reach: Reach, resource: Resource, query: readonly (readonly [string, string])[] = []) =>
  planHolds(
    resource,
    planSearch({ type: 'AuditEvent', parameters: query, reach, base: '', strict: true }).plan,
  )

test('an event is held to the compartments and filters of a reach, as the decision is', () => {
  const own: Reach = { within: [{ ...all, compartments: [['Patient/a', 'Patient/c']] }], without: [] }
  assert.ok(held(own, about('a')))
  assert.ok(!held(own, about('b')))
  assert.ok(!held(own, about('a'), [['patient', 'b']]))
  const filtered: Reach = { within: [{ ...all, filter: [{ parameter: 'action', value: 'R' }] }], without: [] }
  assert.ok(held(filtered, { ...about('a'), action: 'R' }))
  assert.ok(!held(filtered, about('a')))
})

test('what is held back, with its exceptions, is not found', () => {
  const without = [{ ...all, except: ['Patient/a'] }]
  const reach: Reach = { within: [all], without }
  assert.ok(held(reach, about('a')))
  assert.ok(!held(reach, about('b')))
  assert.ok(!held(reach, about('a', 'b')))
  assert.ok(!held({ within: [all], without: [all] }, about('a')))
})
