import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Authority, decide, type Right, reachOf } from './decision.ts'
import { parseGrant, resourceScopes } from './grant.ts'
import { parseInteraction } from './interaction.ts'
import { recordOf } from './record.ts'
import type { Resource } from './resource.ts'
import { letterOrder } from './scope.ts'
import { inReach, type Slice } from './slice.ts'

const everything: Slice = { type: '*', compartments: [], filter: [] }
const anybody: Right[] = [{ letters: letterOrder, slice: everything }]

function authority(text: string, more: Partial<Authority> = {}): Authority {
  return { scopes: resourceScopes(parseGrant(text)), patient: '1', rights: anybody, withheld: [], ...more }
}

function decideOn(holder: Authority, method: string, path: string) {
  const interaction = parseInteraction({ method, path })
  assert.ok(interaction)
  return decide(holder, interaction)
}

const observation: Resource = { resourceType: 'Observation', subject: { reference: 'Patient/1' } }
const no = () => false

test('RSRC-03, SCOPE-14: a missing letter is refused, with the scope that would have been enough', () => {
  assert.deepEqual(decideOn(authority('patient/Observation.cud'), 'GET', 'Observation/1'), {
    outcome: 'deny',
    reason: 'scope',
    rule: 'The scopes of this access token do not include this interaction on this resource type.',
    enough: 'patient/Observation.r',
  })
  const create = decideOn(
    authority('user/Observation.rs', { patient: undefined as never }),
    'POST',
    'Observation',
  )
  assert.equal(create.outcome === 'deny' && create.enough, 'user/Observation.c')
})

test('SCOPE-20: a patient-level scope narrows to the patient in context', () => {
  const decision = decideOn(authority('patient/Observation.rs'), 'GET', 'Observation/1')
  assert.equal(decision.outcome, 'narrowed')
  assert.ok(decision.outcome === 'narrowed' && inReach(observation, decision.reach, no))
  const foreign = { ...observation, subject: { reference: 'Patient/2' } }
  assert.ok(decision.outcome === 'narrowed' && !inReach(foreign, decision.reach, no))
})

test('CTX-08: patient-level scopes without a patient in context grant nothing', () => {
  const { patient: _, ...without } = authority('patient/*.cruds')
  const decision = decideOn(without, 'GET', 'Observation/1')
  assert.ok(decision.outcome === 'deny' && decision.reason === 'context' && decision.enough === undefined)
})

test('RSRC-09, SEED-82: what the user may not do, no scope permits', () => {
  const rights: Right[] = [
    { letters: ['r', 's'], slice: { type: '*', compartments: ['Patient/2'], filter: [] } },
  ]
  const patientless = authority('user/*.cruds', { rights })
  assert.ok(!inReach(observation, reachOf(patientless, 'r', 'Observation'), no))
  const decision = decideOn(patientless, 'POST', 'Observation')
  assert.ok(decision.outcome === 'deny' && decision.reason === 'rights' && decision.enough === undefined)
  const without = decideOn(authority('user/*.cruds', { rights: [] }), 'GET', 'Observation/1')
  assert.ok(without.outcome === 'deny' && without.reason === 'rights')
})

test('SCOPE-23: a user-level scope with full rights needs no narrowing', () => {
  assert.equal(decideOn(authority('user/*.rs'), 'GET', 'Observation').outcome, 'allow')
  assert.equal(
    decideOn(authority('user/*.rs', { withheld: [everything] }), 'GET', 'Observation').outcome,
    'narrowed',
  )
})

test('AMB-30: reference data is readable under patient scopes that name it or *, and never writable', () => {
  for (const text of ['patient/Practitioner.cruds', 'patient/*.cruds']) {
    assert.equal(decideOn(authority(text), 'GET', 'Practitioner/1').outcome, 'allow')
    const update = decideOn(authority(text), 'PUT', 'Practitioner/1')
    assert.ok(
      (update.outcome === 'narrowed' && !inReach({ resourceType: 'Practitioner' }, update.reach, no)) ||
        update.outcome === 'deny',
    )
  }
  assert.equal(decideOn(authority('patient/Observation.rs'), 'GET', 'Practitioner/1').outcome, 'deny')
  for (const type of ['Binary', 'Subscription', 'Person', 'Bundle', 'Slot']) {
    const reach = reachOf(authority('patient/*.cruds'), 'r', type)
    assert.ok(!inReach({ resourceType: type, id: '1' }, reach, no), type)
  }
})

test('a linked type belongs to the record by its own parameter', () => {
  const reach = reachOf(authority('patient/Device.rs'), 'r', 'Device')
  const asked: unknown[] = []
  inReach({ resourceType: 'Device' }, reach, (_, filter) => {
    asked.push(...filter)
    return false
  })
  assert.deepEqual(asked, [{ parameter: 'patient', value: 'Patient/1' }])
  assert.deepEqual(
    recordOf('1').map(({ type }) => type),
    ['*', 'Device'],
  )
})

test('AMB-24: a request across types reaches the types that scopes name, no others', () => {
  const reach = reachOf(authority('patient/Observation.s patient/Condition.r'), 's', '*')
  assert.ok(inReach(observation, reach, no))
  assert.ok(!inReach({ ...observation, resourceType: 'Condition' }, reach, no))
})

test('AMB-27: an operation that nobody mapped is refused, whatever the scopes', () => {
  for (const path of ['Patient/$merge', '$export', 'Observation/$match', 'Patient/1/$match']) {
    const decision = decideOn(authority('user/*.cruds system/*.cruds'), 'POST', path)
    assert.ok(decision.outcome === 'deny' && decision.reason === 'unmapped')
  }
})

test('RFC-17: an operation that was mapped is refused without all of its letters, and told what would be enough', () => {
  const decision = decideOn(authority('patient/Patient.r'), 'GET', 'Patient/1/$everything')
  assert.ok(decision.outcome === 'deny' && decision.reason === 'scope')
  assert.equal(decision.enough, 'patient/Patient.rs')
  assert.notEqual(decideOn(authority('patient/Patient.rs'), 'GET', 'Patient/1/$everything').outcome, 'deny')
})

test('RSRC-08: neither capabilities nor the wrapper of a batch need a scope', () => {
  const nobody: Authority = { scopes: [], rights: [], withheld: [] }
  assert.equal(decide(nobody, { kind: 'capabilities' }).outcome, 'allow')
  assert.equal(decide(nobody, { kind: 'batch' }).outcome, 'allow')
  assert.equal(decide(nobody, { kind: 'search-system', query: '' }).outcome, 'deny')
})
