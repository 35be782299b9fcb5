/**
 * Element paths of a FHIRPath Patch: names, indices, and a choice among list items by the text of a member. That is the
 * part of FHIRPath that names places; whatever else there is names values, and is refused. @see FHIR R4 fhirpatch
 */
import { memberOf, typeOfEnding } from '../definitions/members.ts'

/** One element, and where it stands. */
export interface Place {
  readonly value: unknown
  /** Of the element, by the definitions. */
  readonly type: string
  /** Absent for the resource itself. */
  readonly holder?: Record<string, unknown> | unknown[]
  readonly key: string | number
  /** The place of the list’s own member, for an item of a list. */
  readonly list?: { readonly holder: Record<string, unknown>; readonly name: string }
}

/** One step of a path. */
export type Step =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'where'; readonly member: string; readonly wanted: string }

const longestPath = 500
const token =
  /^(?:\.?([A-Za-z][A-Za-z0-9]*)(?![\w(])|\[(\d{1,6})\]|\.(first)\(\)|\.where\(\s*([a-z][A-Za-z0-9]*)\s*=\s*'((?:[^'\\]|\\['\\])*)'\s*\))/

/** Reads a path, the leading type name included; nothing when it is more than a path. */
export function parsePath(text: unknown): Step[] | undefined {
  if (typeof text !== 'string' || text === '' || text.length > longestPath) return undefined
  const steps: Step[] = []
  for (let rest = text; rest !== ''; ) {
    const parts = token.exec(rest)
    if (!parts || (rest === text && rest.startsWith('.'))) return undefined
    steps.push(stepOf(parts))
    rest = rest.slice(parts[0].length)
  }
  return steps
}

function stepOf([, name, index, first, member, wanted = '']: RegExpExecArray): Step {
  if (name !== undefined) return { kind: 'name', name }
  if (index !== undefined || first !== undefined) return { kind: 'index', index: Number(index ?? 0) }
  return { kind: 'where', member: member ?? '', wanted: wanted.replace(/\\(.)/g, '$1') }
}

/** All places that a path leads to from a resource; `look` hears how many were looked at, and may throw. */
export function resolvePath(
  resource: Record<string, unknown>,
  steps: readonly Step[],
  look: (places: number) => void,
): Place[] {
  const type = String(resource.resourceType)
  const [first, ...rest] = steps
  const root: Place = { value: resource, type, key: '' }
  const named = first?.kind === 'name' && (first.name === type || first.name === 'Resource')
  return (named ? rest : steps).reduce<Place[]>(
    (places, step) => {
      const next = take(places, step)
      look(places.length + next.length)
      return next
    },
    [root],
  )
}

function take(places: readonly Place[], step: Step): Place[] {
  if (step.kind === 'index') return places.slice(step.index, step.index + 1)
  if (step.kind === 'name') return places.flatMap((place) => children(place, step.name))
  return places.filter((place) => children(place, step.member).some(({ value }) => value === step.wanted))
}

function children({ value, type }: Place, name: string): Place[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  const holder = value as Record<string, unknown>
  const member = memberOf(ownType(holder, type), name)
  if (!member) return []
  const { choices } = member
  if (choices.length > 0) {
    const ending = choices.find((one) => Object.hasOwn(holder, name + one))
    if (ending === undefined) return []
    const key = name + ending
    return [
      { value: holder[key], type: typeOfEnding(ownType(holder, type), name, ending) ?? '', holder, key },
    ]
  }
  const found = Object.hasOwn(holder, name) ? holder[name] : undefined
  if (found === undefined) return []
  if (!Array.isArray(found)) return [{ value: found, type: member.type, holder, key: name }]
  const list = { holder, name }
  return found.map((item, key) => ({ value: item, type: member.type, holder: found, key, list }))
}

/** A contained resource says itself what it is. */
export function ownType(value: Record<string, unknown>, type: string): string {
  return typeof value.resourceType === 'string' ? value.resourceType : type
}
