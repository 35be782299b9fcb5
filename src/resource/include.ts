/**
 * Resolves `_include` and `_revinclude`, each resource by its own reach: what a match points to needs the letter `r` on
 * its type, what points to a match needs `s`. What is out of reach is left out, like what is not there (annex F, AMB-27);
 * it is not followed either: only what is shown leads on. @see FHIR R4 search, include
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Admitted, admit, reachFor } from './enforce.ts'
import { loadSources } from './include-sources.ts'
import type { Permitted, Services } from './interactions/handler.ts'
import { type IncludeSpec, includedBy } from './search/include.ts'

/** What was included, and remarks for the reader. */
export interface Included {
  readonly resources: readonly Admitted[]
  readonly notes: readonly string[]
}

interface Target {
  readonly type: string
  readonly id: string
}

/** More than this beside one page would be no page. */
const most = 5000
const mostCharacters = 16 * 1024 * 1024
/** How often `:iterate` goes on from what was included the time before. */
const mostRounds = 5
/** Few at once: each may be large. */
const targetsAtOnce = 10

/** What belongs beside these matches; none of them again, and each once. */
export async function loadIncluded(
  matches: readonly Admitted[],
  specs: readonly IncludeSpec[],
  permitted: Permitted,
  services: Services,
): Promise<Included> {
  const basket = createBasket(matches)
  const again = specs.filter(({ iterate }) => iterate)
  let from = matches
  for (let round = 0; from.length > 0 && round < mostRounds; round++) {
    const added = await loadRound(from, round === 0 ? specs : again, basket, permitted, services)
    if (basket.isFull()) break
    from = added
  }
  const resources = basket.resources()
  return { resources, notes: basket.isFull() ? [`Only ${resources.length} included resources.`] : [] }
}

/** One step from what is there, by each inclusion; gives what it added. */
async function loadRound(
  from: readonly Admitted[],
  specs: readonly IncludeSpec[],
  basket: Basket,
  permitted: Permitted,
  services: Services,
): Promise<Admitted[]> {
  const added: Admitted[] = []
  for (const spec of specs) {
    const load = spec.reverse ? loadSources : loadTargets
    for await (const stored of load(from, spec, permitted, services)) {
      if (basket.has(stored)) continue
      if (!basket.add(stored)) return added
      added.push(stored)
    }
  }
  return added
}

interface Basket {
  has(stored: Target): boolean
  /** Whether there was room. */
  add(stored: Admitted): boolean
  isFull(): boolean
  resources(): Admitted[]
}

function createBasket(matches: readonly Admitted[]): Basket {
  const found: Admitted[] = []
  const seen = new Set(matches.map(nameOf))
  let room = mostCharacters
  let full = false
  return {
    has: (stored) => seen.has(nameOf(stored)),
    add(stored) {
      room -= stored.json.length
      full ||= found.length >= most || (room < 0 && found.length > 0)
      if (full) return false
      found.push(stored)
      seen.add(nameOf(stored))
      return true
    },
    isFull: () => full,
    resources: () => found,
  }
}

function nameOf({ type, id }: Target): string {
  return `${type}/${id}`
}

/** What these resources point to. */
async function* loadTargets(
  from: readonly Admitted[],
  spec: IncludeSpec,
  { caller }: Permitted,
  { repository, matches }: Services,
): AsyncGenerator<Admitted> {
  const targets = new Map<string, Target>()
  for (const stored of from.filter(({ type }) => spec.type === '*' || type === spec.type))
    for (const target of includedBy(stored.resource, spec))
      if (isWanted(target, spec) && reachFor(caller, 'r', target.type).within.length > 0)
        targets.set(nameOf(target), target)
  const wanted = [...targets.values()]
  for (let at = 0; at < wanted.length; at += targetsAtOnce) {
    for (const stored of await repository.readMany(wanted.slice(at, at + targetsAtOnce))) {
      const found = admit(stored, reachFor(caller, 'r', stored.type), matches)
      if (found) yield found
    }
    // Other people's requests are waiting, too.
    await nextTurn()
  }
}

function isWanted({ type }: Target, spec: IncludeSpec): boolean {
  return spec.target === undefined || spec.target === type
}
