/**
 * The codes that stored value sets and code systems stand for. A value set is its expansion, or what it lists code by
 * code or takes whole from a system; one that filters or excludes is refused. A hierarchy is that of nested concepts.
 * @see FHIR R4 ValueSet, CodeSystem
 */
import type { Resource } from '../../smart/resource.ts'
import type { TokenCondition } from './plan.ts'
import { isObject, text } from './values/json.ts'
import type { Codes, Vocabulary } from './vocabulary.ts'

type Node = Readonly<Record<string, unknown>>

const mostCodes = 10_000

/** Makes the vocabulary of these ValueSets and CodeSystems. */
export function createVocabulary(resources: readonly Resource[]): Vocabulary {
  const valueSet = (name: string) =>
    resources.find((one) => one.resourceType === 'ValueSet' && isNamed(one, name))
  const codeSystem = (system: string) =>
    resources.find((one) => one.resourceType === 'CodeSystem' && one.url === system)
  return {
    members: (name) => membersOf(valueSet(name)),
    below: (system, code) => relatives(codeSystem(system), system, code, descendants),
    above: (system, code) => relatives(codeSystem(system), system, code, ancestors),
  }
}

function isNamed(valueSet: Resource, name: string): boolean {
  const [url, version] = name.split('|')
  if (name === `ValueSet/${valueSet.id}`) return true
  return valueSet.url === url && (version === undefined || valueSet.version === version)
}

function membersOf(valueSet: Resource | undefined): Codes {
  if (!valueSet) return 'there is no such value set here'
  const { expansion, compose } = valueSet
  const codes = isObject(expansion) ? expanded(expansion) : composed(compose)
  if (typeof codes === 'string') return codes
  return codes.length > mostCodes ? `the value set has more than ${mostCodes} codes` : codes
}

function expanded(expansion: Node): Codes {
  const all = nodesBelow(expansion.contains, 'contains')
  if (typeof expansion.total === 'number' && expansion.total > all.length)
    return 'the expansion of this value set is not whole'
  return all.filter(({ abstract }) => abstract !== true).flatMap((node) => token(node.system, node.code))
}

function composed(compose: unknown): Codes {
  if (!isObject(compose)) return 'the value set has no codes'
  if (listOf(compose.exclude).length > 0) return 'value sets that exclude codes are not supported'
  const included = listOf(compose.include)
  const isPlain = ({ system, filter, valueSet }: Node) =>
    text(system) !== '' && listOf(filter).length === 0 && valueSet === undefined
  if (included.length === 0 || !included.every(isPlain))
    return 'only value sets that list their codes, or take whole systems, are supported'
  return included.flatMap(({ system, concept }) =>
    concept === undefined
      ? [{ kind: 'token', system: text(system) } as const]
      : listOf(concept).flatMap(({ code }) => token(system, code)),
  )
}

function token(system: unknown, code: unknown): TokenCondition[] {
  return text(code) === '' ? [] : [{ kind: 'token', system: text(system), code: text(code) }]
}

/** A concept, and the way to it from the top. */
interface Place {
  readonly concept: Node
  readonly parent?: Place
}

type Choose = (place: Place) => readonly Node[]

/** Codes related to one of a system: chosen from where its concept stands. */
function relatives(system: Resource | undefined, url: string, code: string, choose: Choose): Codes {
  if (!system) return 'there is no such code system here'
  const place = placesOf(system).get(code)
  if (!place) return `the code system has no code '${code}'`
  const codes = choose(place).flatMap((node) => token(url, node.code))
  return codes.length > mostCodes ? `more than ${mostCodes} codes` : codes
}

function descendants({ concept }: Place): readonly Node[] {
  return [concept, ...nodesBelow(concept.concept, 'concept')]
}

function ancestors(place: Place): readonly Node[] {
  const found: Node[] = []
  for (let at: Place | undefined = place; at; at = at.parent) found.push(at.concept)
  return found
}

// A search may ask for thousands of codes of one system: it is gone through once.
const knownPlaces = new WeakMap<Resource, ReadonlyMap<unknown, Place>>()

function placesOf(system: Resource): ReadonlyMap<unknown, Place> {
  const places = knownPlaces.get(system) ?? findPlaces(listOf(system.concept))
  knownPlaces.set(system, places)
  return places
}

/** Each concept by its code. */
function findPlaces(roots: readonly Node[]): Map<unknown, Place> {
  const places = new Map<unknown, Place>()
  // A list of what is left to look at, not a recursion: how deep concepts are nested is up to whoever stored them.
  const open: Place[] = roots.map((concept) => ({ concept }))
  for (let place = open.pop(); place; place = open.pop()) {
    if (!places.has(place.concept.code)) places.set(place.concept.code, place)
    for (const concept of listOf(place.concept.concept)) open.push({ concept, parent: place })
  }
  return places
}

function nodesBelow(value: unknown, member: string): Node[] {
  const found: Node[] = []
  const open = listOf(value)
  for (let node = open.pop(); node; node = open.pop()) {
    found.push(node)
    for (const child of listOf(node[member])) open.push(child)
  }
  return found
}

function listOf(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}
