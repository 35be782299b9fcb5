import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reachOf } from '../smart/decision.ts'
import { letterOrder, type ResourceScope } from '../smart/scope.ts'
import type { Slice } from '../smart/slice.ts'
import { withTrail } from './audit-rights.ts'

const scopes: ResourceScope[] = [
  { kind: 'resource', level: 'user', type: '*', letters: letterOrder, filter: [], version: 2 },
]
const none = { rights: [], withheld: [] }
const everything: Slice = { type: '*', compartments: [], filter: [] }

test('administrators read the audit trail, and nothing else by it; nobody writes it', () => {
  const authority = { scopes, ...withTrail({ roles: ['admin'] }, none) }
  assert.equal(reachOf(authority, 's', 'AuditEvent').within.length, 1)
  assert.deepEqual(reachOf(authority, 'r', 'Observation').within, [])
  for (const letter of ['c', 'u', 'd'] as const)
    assert.deepEqual(reachOf(authority, letter, 'AuditEvent').within, [])
})

test('from everybody else the whole forms and their own refused attempts are withheld, whatever they may do', () => {
  for (const roles of [['clinician'], ['patient'], ['clinician', 'patient'], []] as const) {
    const share = withTrail(
      { id: 'u,1', roles },
      { rights: [{ letters: letterOrder, slice: everything }], withheld: [] },
    )
    const { within, without } = reachOf({ scopes, ...share }, 's', 'AuditEvent')
    assert.equal(within.length, 1)
    assert.deepEqual(
      without.map(({ type, filter }) => [type, filter[0]?.value]),
      [
        ['AuditEvent', 'urn:chartkey:audit|whole'],
        ['AuditEvent', 'urn:chartkey:account|u\\,1'],
      ],
    )
  }
})
