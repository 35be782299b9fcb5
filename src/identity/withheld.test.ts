import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Capacity } from '../smart/policy.ts'
import { denyAll } from './consent/consent-rule.ts'
import { policyOf } from './test-policy.ts'
import { withheldFromReader } from './withheld.ts'

const policy = policyOf({ consents: { unless: [], because: 'A patient said so.' } })
const groups = [{ rule: denyAll, patients: ['1'] }]

function isWithheld(capacity: Capacity, own: readonly string[] = []): boolean {
  const reader = { capacities: [capacity], glassBroken: [], references: [], own }
  return withheldFromReader(reader, policy, groups, 0).length > 0
}

test('a Consent withholds from everybody who comes to the record of its patient, and not from the patient', () => {
  for (const role of ['clinician', 'related-person', 'administrator', 'system'] as const)
    assert.ok(isWithheld({ role, posts: [] }), role)
  assert.ok(isWithheld({ role: 'related-person', posts: [], patients: ['1'] }))
  assert.ok(!isWithheld({ role: 'patient', posts: [], patients: ['1'] }, ['1']))
})

test('where a site honours no Consents none withholds anything', () => {
  const reader = { capacities: [], glassBroken: [], references: [], own: [] }
  assert.deepEqual(withheldFromReader(reader, policyOf({}), groups, 0), [])
})
