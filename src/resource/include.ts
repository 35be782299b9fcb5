/**
 * Resolves `_include` and `_revinclude`, each resource by its own reach: what a match points to needs the letter `r` on
 * its type, what points to a match needs `s`. What is out of reach is left out, like what is not there (annex F, AMB-27).
 * @see FHIR R4 search, include
 */
import type { Letter } from '../smart/scope.ts'
import { type Admitted, admit, reachFor } from './enforce.ts'
import type { Permitted, Services } from './interactions/handler.ts'
import type { Stored } from './repository.ts'
import { type IncludeSpec, referencesOf } from './search/include.ts'
import { planSearch } from './search/plan-search.ts'

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
/** Few at once: each may be large. */
const targetsAtOnce = 10
const referencesAtOnce = 100
const sourcesAtOnce = '1000'

/** What belongs beside these matches; none of them again, and each once. */
export async function loadIncluded(
  matches: readonly Admitted[],
  specs: readonly IncludeSpec[],
  permitted: Permitted,
  services: Services,
): Promise<Included> {
  const found = new Map<string, Admitted>()
  const seen = new Set(matches.map(nameOf))
  let room = mostCharacters
  for (const spec of specs) {
    const loaded = spec.reverse
      ? loadSources(matches, spec, permitted, services)
      : loadTargets(matches, spec, permitted, services)
    for await (const stored of loaded) {
      if (seen.has(nameOf(stored))) continue
      room -= stored.json.length
      if (found.size >= most || (room < 0 && found.size > 0))
        return { resources: [...found.values()], notes: [`Only ${found.size} included resources.`] }
      found.set(nameOf(stored), stored)
      seen.add(nameOf(stored))
    }
  }
  return { resources: [...found.values()], notes: [] }
}

function nameOf({ type, id }: Target): string {
  return `${type}/${id}`
}

/** What the matches point to. */
async function* loadTargets(
  matches: readonly Admitted[],
  spec: IncludeSpec,
  permitted: Permitted,
  services: Services,
): AsyncGenerator<Admitted> {
  const targets = new Map<string, Target>()
  for (const match of matches.filter(({ type }) => type === spec.type))
    for (const target of referencesOf(match.resource, spec.parameter))
      if (isWanted(target, spec) && mayTouch('r', target.type, permitted)) targets.set(nameOf(target), target)
  const wanted = [...targets.values()]
  for (let at = 0; at < wanted.length; at += targetsAtOnce) {
    const some = wanted.slice(at, at + targetsAtOnce)
    yield* admitted(await services.repository.readMany(some), 'r', permitted, services)
  }
}

/** What points to the matches. */
async function* loadSources(
  matches: readonly Admitted[],
  spec: IncludeSpec,
  permitted: Permitted,
  services: Services,
): AsyncGenerator<Admitted> {
  if (!mayTouch('s', spec.type, permitted)) return
  const names = matches.filter((match) => isWanted(match, spec)).map(nameOf)
  for (let at = 0; at < names.length; at += referencesAtOnce) {
    const some = names.slice(at, at + referencesAtOnce).join(',')
    for await (const page of searchAll(spec, some, permitted, services))
      yield* admitted(page, 's', permitted, services)
  }
}

async function* searchAll(
  { type, parameter }: IncludeSpec,
  references: string,
  { caller }: Permitted,
  { repository, base }: Services,
): AsyncGenerator<readonly Stored[]> {
  const reach = reachFor(caller, 's', type)
  const parameters = [
    [parameter, references],
    ['_count', sourcesAtOnce],
    ['_total', 'none'],
  ] as const
  let cursor: string | undefined
  do {
    const continued = cursor === undefined ? {} : { cursor }
    const { plan } = planSearch({ type, parameters, reach, base, strict: true, ...continued })
    const page = await repository.search(plan)
    yield page.matches
    cursor = page.next
  } while (cursor !== undefined)
}

function* admitted(
  loaded: readonly Stored[],
  letter: Letter,
  { caller }: Permitted,
  { matches }: Services,
): Generator<Admitted> {
  for (const stored of loaded) {
    const found = admit(stored, reachFor(caller, letter, stored.type), matches)
    if (found) yield found
  }
}

function isWanted({ type }: Target, spec: IncludeSpec): boolean {
  return spec.target === undefined || spec.target === type
}

function mayTouch(letter: Letter, type: string, { caller }: Permitted): boolean {
  return reachFor(caller, letter, type).within.length > 0
}
