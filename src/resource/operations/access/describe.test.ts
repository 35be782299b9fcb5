import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letterOrder } from '../../../smart/scope.ts'
import type { Slice } from '../../../smart/slice.ts'
import { describeAccess } from './describe.ts'

const slice = (compartments: string[], value?: string): Slice => ({
  type: '*',
  compartments,
  filter: value === undefined ? [] : [{ parameter: 'category', value }],
})

/** Slices under the letters that are on them. */
function described(type: string, byLetters: Readonly<Record<string, readonly Slice[]>>) {
  const slices = letterOrder.map((letter) => ({
    letter,
    within: Object.entries(byLetters).flatMap(([letters, within]) =>
      letters.includes(letter) ? within : [],
    ),
  }))
  return describeAccess({ type, slices }).map(({ letters, record, filter, text }) => [
    letters,
    record.length,
    filter,
    text,
  ])
}

test('letters on the same slice are told together, others apart', () => {
  assert.deepEqual(described('Observation', { rs: [slice(['Patient/a'])], c: [slice(['Patient/a'], 'x')] }), [
    ['c', 1, 'category=x', 'May create Observation in the record of Patient/a, where category is x.'],
    ['rs', 1, '', 'May read and search Observation in the record of Patient/a.'],
  ])
})

test('many records are counted, and the first of them named', () => {
  const many = Array.from({ length: 30 }, (_, at) => slice([`Patient/${at}`]))
  assert.deepEqual(described('Observation', { rs: many }), [
    ['rs', 20, '', 'May read and search Observation in 30 records.'],
  ])
})

test('without a record whoever’s is meant; two at once narrow each other', () => {
  assert.deepEqual(described('Observation', { cruds: [slice([])] }), [
    ['cruds', 0, '', 'May create, read, update, delete and search Observation.'],
  ])
  assert.deepEqual(described('Observation', { r: [slice(['Patient/a', 'Patient/b'])] }), [
    [
      'r',
      0,
      '',
      'May read Observation in the record of Patient/a, as far as it is also in the record of Patient/b.',
    ],
  ])
})

test('a compartment that holds nothing of a type is not told of it', () => {
  assert.deepEqual(described('Organization', { rs: [slice(['Patient/a']), slice([])] }), [
    ['rs', 0, '', 'May read and search Organization.'],
  ])
})
