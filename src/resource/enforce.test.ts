import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseScope, type ResourceScope } from '../smart/scope.ts'
import type { Reach } from '../smart/slice.ts'
import { admit, checkWritable, isBinaryInReach, permit } from './enforce.ts'
import { FhirError } from './outcomes.ts'
import type { Caller } from './request.ts'

const callerWith = (...scopes: string[]): Caller => ({
  authority: {
    scopes: scopes.map((scope) => parseScope(scope) as ResourceScope),
    patient: '1',
    rights: [{ letters: ['c', 'r', 'u', 'd', 's'], slice: { type: '*', compartments: [], filter: [] } }],
    withheld: [],
  },
})

test('RSRC-03, RFC-17: a refusal names the rule and the scope that would be enough', () => {
  try {
    permit(callerWith('patient/Observation.s'), { kind: 'read', type: 'Observation', id: '1' }, 'realm')
    assert.fail('was permitted')
  } catch (error) {
    assert.ok(error instanceof FhirError)
    assert.equal(error.kind.status, 403)
    assert.match(error.message, /patient\/Observation\.r would be enough/)
    assert.equal(
      error.more.headers?.['www-authenticate'],
      'Bearer realm="realm", error="insufficient_scope", scope="patient/Observation.r"',
    )
  }
})

const never = () => assert.fail('no filter is asked')
const own: Reach = { within: [{ type: '*', compartments: ['Patient/1'], filter: [] }], without: [] }
const all: Reach = { within: [{ type: '*', compartments: [], filter: [] }], without: [] }

function communication(subject: string, ...recipients: string[]) {
  return {
    resourceType: 'Communication',
    subject: { reference: subject },
    recipient: recipients.map((reference) => ({ reference })),
  }
}

test('SCOPE-20: a resource of the patient in reach may be written', () => {
  assert.doesNotThrow(() => checkWritable(communication('Patient/1'), undefined, own, never))
})

const refused: [string, ReturnType<typeof communication>, ReturnType<typeof communication> | undefined][] = [
  ['of another patient', communication('Patient/2'), undefined],
  ['of nobody', communication('Group/1'), undefined],
  ['that enters another record beside one’s own', communication('Patient/1', 'Patient/2'), undefined],
  ['that is moved to another patient', communication('Patient/2'), communication('Patient/1')],
  ['that is spread to another patient', communication('Patient/1', 'Patient/2'), communication('Patient/1')],
]

for (const [name, next, before] of refused)
  test(`SCOPE-20: a resource ${name} may not be written`, () => {
    assert.throws(() => checkWritable(next, before, own, never), FhirError)
    assert.doesNotThrow(() => checkWritable(next, before, all, never))
  })

test('a resource that was shared before may be changed by either', () => {
  const shared = communication('Patient/1', 'Patient/2')
  assert.doesNotThrow(() => checkWritable(shared, shared, own, never))
})

test('with two records in reach, a resource may be moved between them', () => {
  const both = { ...own, within: [...own.within, { type: '*', compartments: ['Patient/2'], filter: [] }] }
  assert.doesNotThrow(() =>
    checkWritable(communication('Patient/2'), communication('Patient/1'), both, never),
  )
})

test('no search or inclusion gives a Binary, whatever is in reach', () => {
  const resource = { resourceType: 'Binary', id: '1' }
  const stored = {
    type: 'Binary',
    id: '1',
    version: '1',
    lastUpdated: '',
    deleted: false,
    json: '',
    resource,
  }
  assert.equal(admit(stored, all, never), undefined)
})

test('a Binary is withheld with the resource it belongs to, but where the glass is broken for its patient alone', () => {
  const binary = { resourceType: 'Binary', id: '1' }
  const held = { type: '*', compartments: [], filter: [], except: ['Patient/1'] }
  const reach: Reach = { ...all, without: [held] }
  const isOpen = (visible: ReturnType<typeof communication>) =>
    isBinaryInReach(binary, { named: true, visible }, reach, never)
  assert.ok(isOpen(communication('Patient/1')))
  assert.ok(!isOpen(communication('Patient/2')))
  assert.ok(!isOpen(communication('Patient/1', 'Patient/2')))
})
