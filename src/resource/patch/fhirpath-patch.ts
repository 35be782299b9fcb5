/**
 * FHIRPath Patch: operations on the elements of a resource, all of them or none. Each has to name exactly one place.
 * @see FHIR R4 fhirpatch
 */

import { type Member, memberOf } from '../definitions/members.ts'
import { copyExact, note } from '../exact-json.ts'
import { ownType, type Place, resolvePath } from './element-path.ts'
import type { NamedValue, PatchValue, Path, PathOperation } from './fhirpath-operation.ts'
import { unfitPatch } from './patch-error.ts'

type Members = Record<string, unknown>

/** Places that all paths of a patch together may look at: an index does not keep a path from walking the list. */
const mostLooked = 300_000

/** A resource while it is patched. */
interface Patched {
  readonly root: Members
  looked: number
}

/** The resource after all operations; it itself stays as it was. Throws when one does not fit. */
export function applyPathPatch(resource: unknown, operations: readonly PathOperation[]): unknown {
  const patched: Patched = { root: copyExact(resource) as Members, looked: 0 }
  for (const [at, operation] of operations.entries()) applyOne(patched, operation, at)
  return patched.root
}

function applyOne(resource: Patched, operation: PathOperation, at: number): void {
  switch (operation.type) {
    case 'add':
      addMember(theOne(resource, operation.path, at), operation, at)
      return
    case 'replace':
      replace(theOne(resource, operation.path, at), operation, resource, at)
      return
    case 'delete':
      remove(theOne(resource, operation.path, at), at)
      return
    case 'insert': {
      const { items, type } = theList(resource, operation.path, at)
      if (operation.index > items.length) throw unfitPatch(at, 'index lies beyond the list')
      items.splice(operation.index, 0, build(operation.value, type, at))
      return
    }
    case 'move': {
      const { items } = theList(resource, operation.path, at)
      const { source, destination } = operation
      if (source >= items.length || destination >= items.length)
        throw unfitPatch(at, 'source or destination lies beyond the list')
      items.splice(destination, 0, ...items.splice(source, 1))
    }
  }
}

function theOne(resource: Patched, path: Path, at: number): Place {
  const places = resolvePath(resource.root, path, (count) => {
    resource.looked += count
    if (resource.looked > mostLooked) throw unfitPatch(at, 'the paths look at too many elements')
  })
  const [place] = places
  if (!place || places.length > 1) throw unfitPatch(at, 'path does not name exactly one element')
  return place
}

/** The list that a path names by the name of its member. */
function theList(resource: Patched, path: Path, at: number): { items: unknown[]; type: string } {
  const last = path.at(-1)
  const { value, type } = theOne(resource, path.slice(0, -1), at)
  if (last?.kind !== 'name' || !isMembers(value)) throw unfitPatch(at, 'path does not name a list')
  const member = memberOf(ownType(value, type), last.name)
  const items = value[last.name]
  if (!member || !Array.isArray(items)) throw unfitPatch(at, 'path does not name a list')
  refuseTwin(value, last.name, at)
  return { items, type: member.type }
}

function addMember(
  { value, type }: Place,
  { name, value: added }: { readonly name: string; readonly value: PatchValue },
  at: number,
): void {
  if (!isMembers(value)) throw unfitPatch(at, 'path names a plain value, which has no members')
  put(value, ownType(value, type), { name, value: added }, at)
}

/** Adds to a list, or sets what is not there yet. */
function put(holder: Members, type: string, { name, value }: NamedValue, at: number): void {
  const member = memberOf(type, name)
  if (!member) throw unfitPatch(at, `${type} has no element ${name}`)
  const key = keyOf(member, value, at)
  const built = build(value, member.type, at)
  if (!member.many) {
    if ([key, ...member.choices.map((ending) => name + ending)].some((one) => Object.hasOwn(holder, one)))
      throw unfitPatch(at, `${name} is there already`)
    holder[key] = built
    note(holder, key, writtenIn(value))
    return
  }
  refuseTwin(holder, key, at)
  const items = Array.isArray(holder[key]) ? holder[key] : []
  holder[key] = [...items, built]
}

function keyOf({ name, choices }: Member, value: PatchValue, at: number): string {
  if (choices.length === 0) return name
  if (value.kind !== 'datatype' || !choices.includes(value.ending))
    throw unfitPatch(at, `${name} cannot have a value of this type`)
  return name + value.ending
}

function replace(
  place: Place,
  { path, value }: { readonly path: Path; readonly value: PatchValue },
  resource: Patched,
  at: number,
): void {
  const { holder, key, type } = place
  if (!holder) throw unfitPatch(at, 'the whole resource is replaced by an update')
  const last = path.findLast((step) => step.kind === 'name')
  const isChoice = !Array.isArray(holder) && last?.kind === 'name' && key !== last.name
  if (!isChoice) {
    ;(holder as Members)[key] = build(value, type, at)
    note(holder, String(key), writtenIn(value))
    return
  }
  const { value: owner, type: ownerType } = theOne(resource, path.slice(0, -1), at)
  remove(place, at)
  if (isMembers(owner)) put(owner, ownType(owner, ownerType), { name: last.name, value }, at)
}

function remove({ holder, key, list }: Place, at: number): void {
  if (!holder) throw unfitPatch(at, 'the whole resource is ended by a delete')
  if (!Array.isArray(holder)) {
    delete holder[key]
    delete holder[`_${key}`]
    return
  }
  if (list) refuseTwin(list.holder, list.name, at)
  holder.splice(Number(key), 1)
  // An empty list is not FHIR.
  if (holder.length === 0 && list) delete list.holder[list.name]
}

/** A list of plain values may have a second one with their extensions: shifting one of them would mix them up. */
function refuseTwin(holder: Members, name: string, at: number): void {
  if (Object.hasOwn(holder, `_${name}`)) throw unfitPatch(at, 'the items of the list have extensions')
}

function build(value: PatchValue, type: string, at: number): unknown {
  if (value.kind === 'datatype') return copyExact(value.value)
  const built: Members = {}
  for (const part of value.parts) put(built, type, part, at)
  return built
}

function writtenIn(value: PatchValue): string | undefined {
  return value.kind === 'datatype' ? value.written : undefined
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
