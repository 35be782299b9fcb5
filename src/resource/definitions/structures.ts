/**
 * Teaches the validator the R4 types, each when it is first needed: parsing all of them takes half a second.
 */
import { readFileSync } from 'node:fs'
import type { StructureDefinition } from '@medplum/fhirtypes'
import { medplum } from './medplum.ts'

interface Compiled {
  readonly name: string
  readonly url: string
  readonly kind: string
  readonly element: StructureDefinition['snapshot'] extends { element: infer Element } | undefined
    ? Element
    : never
}

const resourceKind = 'resource'
const file = new URL('./structures.r4.json', import.meta.url)

let compiled: ReadonlyMap<string, Compiled> | undefined
const loaded = new Set<string>()

/** Makes the structure of a resource type known, and with the first one those of all data types. */
export function loadStructure(type: string): void {
  if (loaded.has(type)) return
  loaded.add(type)
  compiled ??= readStructures()
  const structure = compiled.get(type)
  if (structure) load(structure)
}

function readStructures(): ReadonlyMap<string, Compiled> {
  const structures = new Map<string, Compiled>(Object.entries(JSON.parse(readFileSync(file, 'utf8'))))
  for (const structure of structures.values()) if (structure.kind !== resourceKind) load(structure)
  return structures
}

type ElementOf<List> = List extends readonly (infer Item)[] ? Item : never

/**
 * An element that has the content of another one need not be as often there. A minimum of 0 is left out of the compiled
 * definitions, and the validator would take that of the other one for it.
 */
function withOwnMinimum(element: ElementOf<Compiled['element']>): ElementOf<Compiled['element']> {
  return element.contentReference === undefined ? element : { min: 0, ...element }
}

function load({ name, url, kind, element }: Compiled): void {
  const definition = {
    resourceType: 'StructureDefinition',
    name,
    url,
    kind,
    type: name,
    snapshot: { element: element.map(withOwnMinimum) },
  }
  medplum().loadDataType(definition as StructureDefinition)
}
