import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Resource } from '../smart/resource.ts'
import type { Reach } from '../smart/slice.ts'
import { admit } from './enforce.ts'
import { patientsIn } from './judged.ts'
import type { Stored } from './repository.ts'

const inRecord = (patient: string): Reach => ({
  within: [{ type: '*', compartments: [`Patient/${patient}`], filter: [] }],
  without: [],
})
const everything: Reach = { within: [{ type: '*', compartments: [], filter: [] }], without: [] }
const never = () => assert.fail('no filter is asked')

let parsed = 0

function stored(patient: string, version: string, more: object = {}): Stored {
  const resource = {
    resourceType: 'Observation',
    id: 'o',
    subject: { reference: `Patient/${patient}` },
    ...more,
  }
  const json = JSON.stringify(resource)
  return {
    type: 'Observation',
    id: 'o',
    version,
    lastUpdated: '2024-01-01T00:00:00.000Z',
    deleted: false,
    json,
    get resource() {
      parsed++
      return JSON.parse(json) as Resource
    },
  }
}

test('SCOPE-20: what was judged once by a reach is not judged by it again, and is by another', () => {
  const reach = inRecord('1')
  assert.ok(admit(stored('1', '1'), reach, never))
  parsed = 0
  assert.ok(admit(stored('1', '1'), reach, never))
  assert.equal(parsed, 0)
  assert.equal(admit(stored('1', '1'), inRecord('2'), never), undefined)
  assert.equal(parsed, 1)
})

test('SCOPE-20: another content is judged anew, even under the same version', () => {
  const reach = inRecord('1')
  assert.ok(admit(stored('1', '7'), reach, never))
  assert.equal(admit(stored('2', '7'), reach, never), undefined)
  assert.deepEqual(patientsIn(stored('1', '7')), ['1'])
  assert.deepEqual(patientsIn(stored('2', '7')), ['2'])
})

test('SCOPE-20: what is out of reach is judged every time', () => {
  const reach = inRecord('3')
  for (let time = 0; time < 3; time++) assert.equal(admit(stored('1', '1'), reach, never), undefined)
})

test('SCOPE-20: what one rule let pass another still judges', () => {
  const reach: Reach = {
    within: [{ type: 'Observation', compartments: [], filter: [{ parameter: 'status', value: 'final' }] }],
    without: [],
  }
  assert.ok(admit(stored('1', '1'), reach, () => true))
  assert.equal(
    admit(stored('1', '1'), reach, () => false),
    undefined,
  )
})

test('SCOPE-20: what is not stored yet, and what is very long, is judged every time', () => {
  const unstored = { ...stored('1', ''), resource: { resourceType: 'Observation' }, json: '' }
  assert.equal(admit(unstored, inRecord('1'), never), undefined)
  assert.ok(admit(unstored, everything, never))
  const long = () => stored('1', '1', { note: [{ text: 'x'.repeat(20_000) }] })
  const reach = inRecord('1')
  assert.ok(admit(long(), reach, never))
  parsed = 0
  assert.ok(admit(long(), reach, never))
  assert.equal(parsed, 1)
})

test('a long record passes through: what was judged before it is judged again after it', () => {
  const reach = inRecord('1')
  assert.ok(admit(stored('1', '1'), reach, never))
  for (let at = 0; at < 300; at++)
    assert.ok(admit(stored('1', '1', { note: [{ text: `${at} ${'x'.repeat(10_000)}` }] }), reach, never))
  parsed = 0
  assert.ok(admit(stored('1', '1'), reach, never))
  assert.equal(parsed, 1)
})
