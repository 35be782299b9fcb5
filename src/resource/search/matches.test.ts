import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Resource } from '../../smart/resource.ts'
import { extract } from './extract.ts'
import { isSupportedFilter } from './filter.ts'
import { referencesOf } from './include.ts'
import { createMatches } from './matches.ts'

const condition: Resource = {
  resourceType: 'Condition',
  id: 'c',
  category: [{ coding: [{ system: 'urn:categories', code: 'problem-list-item' }] }],
  subject: { reference: 'Patient/p' },
  extension: [
    { url: 'http://hl7.org/fhir/StructureDefinition/condition-assertedDate', valueDateTime: '2024-01-02' },
    { url: 'urn:other', valueDateTime: '2020-01-01' },
  ],
}

const matches = createMatches()
const item = (parameter: string, value: string) => ({ parameter, value })

test('a filter holds when all its items do', () => {
  assert.equal(matches(condition, [item('category', 'urn:categories|problem-list-item')]), true)
  assert.equal(matches(condition, [item('category', 'problem-list-item'), item('patient', 'q')]), false)
  assert.equal(matches(condition, [item('asserted-date', '2024-01')]), true)
  assert.equal(matches(condition, [item('asserted-date', '2020')]), false)
  assert.equal(matches(condition, []), true)
})

test('a filter that is not understood is neither held nor not held', () => {
  for (const filter of [
    [item('colour', 'red')],
    [item('recorded-date', 'soon')],
    [item('category:in', 'x')],
    [item('patient.name', 'x')],
  ]) {
    assert.equal(matches(condition, filter), undefined)
    assert.equal(matches(condition, [item('category', 'other'), ...filter]), undefined)
    assert.equal(isSupportedFilter('Condition', filter), false)
  }
  assert.equal(isSupportedFilter('Condition', [item('category', 'a,b')]), true)
  assert.equal(isSupportedFilter('Patient', [item('category', 'a')]), false)
  assert.equal(isSupportedFilter('*', [item('_security', 'R')]), true)
  assert.equal(isSupportedFilter('*', [item('category', 'a')]), false)
})

test('whatever the JSON holds, extraction does not throw', () => {
  const odd: unknown[] = [
    null,
    1,
    'x',
    [],
    [[]],
    [null],
    {},
    { coding: 1 },
    { coding: [null] },
    { reference: 5 },
    { value: {} },
  ]
  for (const value of odd) {
    const members = [
      'category',
      'code',
      'subject',
      'name',
      'identifier',
      'effectiveDateTime',
      'effectivePeriod',
      'valueQuantity',
      'meta',
      'link',
      'extension',
    ]
    for (const resourceType of ['Observation', 'Patient', 'Condition', 'Hat', 'constructor']) {
      const resource = {
        resourceType,
        ...Object.fromEntries(members.map((member) => [member, value])),
      } as Resource
      assert.ok(Array.isArray(extract(resource)))
    }
  }
})

test('what a parameter points to, each once', () => {
  const team = {
    resourceType: 'CareTeam',
    participant: ['Practitioner/a', 'Practitioner/a', 'Patient/b', 'http://else/Patient/c', '#d'].map(
      (reference) => ({
        member: { reference },
      }),
    ),
  }
  assert.deepEqual(referencesOf(team, 'participant'), [
    { type: 'Practitioner', id: 'a' },
    { type: 'Patient', id: 'b' },
  ])
  assert.deepEqual(referencesOf(team, 'status'), [])
  assert.deepEqual(referencesOf(team, 'nothing'), [])
})
