/**
 * Parts observations by what they measure: two are of a kind when their codes share a coding, as several codings of one
 * code are translations of one another. @see FHIR R4 Observation operations, lastn, equivalence of codes
 */
import type { Resource } from '../../../smart/resource.ts'

/** Holds the first few of each kind that are added. */
export interface Kinds<Item> {
  hasRoomFor(observation: Resource): boolean
  add(observation: Resource, item: Item): void
  /** Kind by kind, in the order in which the kinds came. */
  all(): Item[]
}

/** Makes an empty collection that keeps `max` of each kind. */
export function createKinds<Item>(max: number): Kinds<Item> {
  const byName = new Map<string, Item[]>()
  const kinds: Item[][] = []

  function kindOf(observation: Resource): Item[] | undefined {
    return namesOf(observation)
      .map((name) => byName.get(name))
      .find((kind) => kind !== undefined)
  }

  function add(observation: Resource, item: Item): void {
    const known = kindOf(observation)
    const kind = known ?? []
    if (!known) kinds.push(kind)
    for (const name of namesOf(observation)) if (!byName.has(name)) byName.set(name, kind)
    if (kind.length < max) kind.push(item)
  }

  return {
    hasRoomFor: (observation) => (kindOf(observation)?.length ?? 0) < max,
    add,
    all: () => kinds.flat(),
  }
}

/** Its codings; its text when it has none; without either it is of a kind with others that have neither. */
function namesOf({ code }: Resource): string[] {
  const { coding, text } = isObject(code) ? code : {}
  const codings = (Array.isArray(coding) ? coding : []).filter(isObject)
  if (codings.length > 0) return codings.map((one) => JSON.stringify([one.system ?? '', one.code ?? '']))
  return [JSON.stringify(text ?? null)]
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
