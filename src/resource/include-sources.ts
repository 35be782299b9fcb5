/**
 * What points to resources that are shown, for `_revinclude`: found by a search within the reach of the letter `s` on
 * the type that has the reference, and checked again (annex F, AMB-27). @see FHIR R4 search, include
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { resourceTypes } from '../smart/compartment.r4.ts'
import { readOnlyTypes } from '../smart/read-only.ts'
import { type Admitted, admit, reachFor } from './enforce.ts'
import type { Permitted, Services } from './interactions/handler.ts'
import type { SearchPage } from './repository.ts'
import { parseCursor } from './search/cursor.ts'
import { type IncludeSpec, pointingClause, referencesFrom } from './search/include.ts'
import { findParameter, type Parameter } from './search/parameters.ts'
import type { SearchPlan } from './search/plan.ts'
import { planReach } from './search/reach.ts'

/** Who looked at a resource is found by searching the trail, whose work is bounded. */
const pointing = resourceTypes.filter((type) => !readOnlyTypes.includes(type))
const targetsAtOnce = 100
const sourcesAtOnce = 1000

/** The resources that point to these, by the references that the inclusion means. */
export async function* loadSources(
  to: readonly Admitted[],
  spec: IncludeSpec,
  permitted: Permitted,
  services: Services,
): AsyncGenerator<Admitted> {
  const wanted = to.filter(({ type }) => spec.target === undefined || spec.target === type)
  const types = new Set(wanted.map(({ type }) => type))
  for (const source of spec.type === '*' ? pointing : [spec.type]) {
    if (reachFor(permitted.caller, 's', source).within.length === 0) continue
    const parameters = parametersOf(source, spec).filter(({ targets }) =>
      targets.some((one) => types.has(one)),
    )
    if (parameters.length > 0) yield* loadFrom(source, parameters, wanted, permitted, services)
  }
}

function parametersOf(type: string, { parameter }: IncludeSpec): readonly Parameter[] {
  if (parameter === '*') return referencesFrom(type)
  const definition = findParameter(type, parameter)
  return definition ? [definition] : []
}

async function* loadFrom(
  source: string,
  parameters: readonly Parameter[],
  wanted: readonly Admitted[],
  { caller }: Permitted,
  { repository, matches }: Services,
): AsyncGenerator<Admitted> {
  const reach = reachFor(caller, 's', source)
  for (let at = 0; at < wanted.length; at += targetsAtOnce) {
    const some = wanted.slice(at, at + targetsAtOnce).map(({ type, id }) => ({ type, id }))
    const plan: SearchPlan = {
      type: source,
      clauses: [pointingClause(source, parameters, some)],
      reach: planReach(reach, source),
      sort: [],
      count: sourcesAtOnce,
      total: false,
    }
    for await (const page of pagesOf(plan, repository.search))
      for (const stored of page.matches) {
        const found = admit(stored, reach, matches)
        if (found) yield found
      }
  }
}

async function* pagesOf(
  plan: SearchPlan,
  search: (plan: SearchPlan) => Promise<SearchPage>,
): AsyncGenerator<SearchPage> {
  let next: SearchPlan | undefined = plan
  while (next) {
    const page = await search(next)
    yield page
    // Other people's requests are waiting, too.
    await nextTurn()
    const after = page.next === undefined ? undefined : parseCursor(page.next, 0)
    next = after && { ...plan, after }
  }
}
