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

function load({ name, url, kind, element }: Compiled): void {
  const definition = {
    resourceType: 'StructureDefinition',
    name,
    url,
    kind,
    type: name,
    snapshot: { element },
  }
  medplum().loadDataType(definition as StructureDefinition)
}
