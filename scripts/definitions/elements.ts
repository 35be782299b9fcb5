/**
 * The members of every type and backbone element, and what types each may hold.
 */
import type { CodeSystems, SystemsOf } from './code-systems.ts'
import type { ElementDefinition, StructureDefinition } from './source.ts'

export interface Member {
  /** The member's name in JSON: of a choice element there is one member per type. */
  readonly name: string
  /** The name in a FHIRPath expression: `value` for `valueQuantity`. */
  readonly element: string
  /** A data type, or the path of a backbone element such as `Patient.contact`. */
  readonly type: string
  /** Of a `code`: the systems that its codes are from, as far as its binding says. */
  readonly systems?: CodeSystems
}

export type Elements = ReadonlyMap<string, readonly Member[]>

/** Reads the members of all types out of their snapshots. */
export function readElements(structures: readonly StructureDefinition[], systemsOf: SystemsOf): Elements {
  const elements = new Map<string, Member[]>()
  for (const structure of structures) {
    if (structure.derivation === 'constraint') continue
    for (const element of structure.snapshot?.element.slice(1) ?? []) {
      const [owner, name] = splitPath(element.path)
      const members = elements.get(owner) ?? []
      members.push(...membersOf(element, name).map((member) => withSystems(member, element, systemsOf)))
      elements.set(owner, members)
    }
  }
  return elements
}

function withSystems(member: Member, element: ElementDefinition, systemsOf: SystemsOf): Member {
  const systems = member.type === 'code' ? systemsOf(element) : undefined
  return systems ? { ...member, systems } : member
}

function splitPath(path: string): [string, string] {
  const dot = path.lastIndexOf('.')
  return [path.slice(0, dot), path.slice(dot + 1)]
}

function membersOf(element: ElementDefinition, name: string): Member[] {
  if (element.contentReference) return [{ name, element: name, type: element.contentReference.slice(1) }]
  const types = (element.type ?? []).map((type) => typeName(type.code))
  if (!name.endsWith('[x]'))
    return types.slice(0, 1).map((type) => ({ name, element: name, type: inner(type, element.path) }))
  const stem = name.slice(0, -3)
  return types.map((type) => ({ name: stem + capital(type), element: stem, type }))
}

/** The type of an `id` or of a primitive's value is a FHIRPath system type in the snapshots: always a string. */
function typeName(code: string): string {
  return code.startsWith('http://hl7.org/fhirpath/') ? 'string' : code
}

function inner(type: string, path: string): string {
  return type === 'BackboneElement' || type === 'Element' ? path : type
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
