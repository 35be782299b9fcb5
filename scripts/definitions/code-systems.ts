/**
 * The code systems behind elements of type `code`: such an element holds a bare code, its binding says whose.
 */
import type { ElementDefinition, ValueSet } from './source.ts'

/** By system: all its codes, or those that the binding takes from it. */
export type CodeSystems = Readonly<Record<string, true | readonly string[]>>

export type SystemsOf = (element: ElementDefinition) => CodeSystems | undefined

/** Value sets of codes that are registered elsewhere. */
const registries: Readonly<Record<string, CodeSystems>> = {
  'http://hl7.org/fhir/ValueSet/mimetypes': { 'urn:ietf:bcp:13': true },
  'http://hl7.org/fhir/ValueSet/languages': { 'urn:ietf:bcp:47': true },
  'http://hl7.org/fhir/ValueSet/all-languages': { 'urn:ietf:bcp:47': true },
}

/** Tells the systems of an element by its binding. */
export function createSystemsOf(valueSets: readonly ValueSet[]): SystemsOf {
  const byUrl = new Map(valueSets.map((valueSet) => [valueSet.url, valueSet]))
  return ({ binding }) => {
    const [url = ''] = (binding?.valueSet ?? '').split('|')
    return registries[url] ?? systemsIn(byUrl.get(url))
  }
}

function systemsIn(valueSet: ValueSet | undefined): CodeSystems | undefined {
  const included = valueSet?.compose?.include ?? []
  if (included.length === 0 || !included.every(({ system }) => system)) return undefined
  // One system needs no list: whatever the element holds is from it.
  if (included.length === 1) return { [included[0]?.system ?? '']: true }
  return Object.fromEntries(
    included.map(({ system = '', concept }) => [system, concept?.map(({ code }) => code) ?? true]),
  )
}
