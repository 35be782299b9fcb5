import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKinds } from './kinds.ts'

const coded = (...codes: string[]) => ({
  resourceType: 'Observation',
  code: { coding: codes.map((code) => ({ system: 'urn:codes', code })) },
})

function keep(max: number, ...observations: object[]): number[] {
  const kinds = createKinds<number>(max)
  observations.forEach((observation, at) => {
    const resource = { resourceType: 'Observation', ...observation }
    if (kinds.hasRoomFor(resource)) kinds.add(resource, at)
  })
  return kinds.all()
}

test('FHIR R4 Observation-lastn: the first few of each kind, kind by kind', () => {
  assert.deepEqual(keep(1, coded('a'), coded('b'), coded('a')), [0, 1])
  assert.deepEqual(keep(2, coded('a'), coded('b'), coded('a'), coded('a')), [0, 2, 1])
})

test('FHIR R4 Observation-lastn: codings of one code are translations', () => {
  assert.deepEqual(keep(1, coded('a', 'x'), coded('x'), coded('b', 'x'), coded('b')), [0, 3])
})

test('without codings the text tells, without either all are of one kind', () => {
  const text = (words: string) => ({ code: { text: words } })
  assert.deepEqual(keep(1, text('one'), text('two'), text('one'), {}, { code: 'x' }), [0, 1, 3])
})
