/**
 * Answers a search by GET or POST: the query is narrowed by the reach before it runs, and every match and inclusion is
 * checked after it (SCOPE-08, SCOPE-17, SCOPE-20). What is out of reach is not found, not counted, not hinted at.
 * @see FHIR R4 http, search
 */
import type { Reach } from '../../smart/slice.ts'
import { type Admitted, admit, reachFor } from '../enforce.ts'
import { loadIncluded } from '../include.ts'
import { checkSearchable } from '../named-types.ts'
import { FhirError } from '../outcomes.ts'
import type { SearchPage } from '../repository.ts'
import { compartmentClause } from '../search/compartment-clause.ts'
import type { Clause } from '../search/plan.ts'
import { type PlannedSearch, planSearch } from '../search/plan-search.ts'
import { SearchError } from '../search/search-error.ts'
import type { Vocabulary } from '../search/vocabulary.ts'
import { type Searched, searchsetReply } from '../searchset.ts'
import { loadVocabulary } from '../vocabulary.ts'
import { type AskedSearch, parseSearch } from './asked-search.ts'
import {
  type Exchange,
  type Handler,
  type Permitted,
  type Prepared,
  type Services,
  touchStored,
} from './handler.ts'

export const searchType: Handler<'search-type'> = (exchange, services) =>
  search({ type: exchange.asked.type, place: exchange.asked.type }, exchange, services)

/** Across types: of each, what the caller may find of it. */
export const searchSystem: Handler<'search-system'> = (exchange, services) =>
  search({ type: '*', place: '' }, exchange, services)

/**
 * A compartment is one more condition on what may be found anyway. A patient's is part of the reach itself, the others
 * are references like any that a query could ask for.
 */
export const searchCompartment: Handler<'search-compartment'> = (exchange, services) => {
  const { compartment, type } = exchange.asked
  const scope = { type, place: `${compartment}/${type}` }
  if (compartment.startsWith('Patient/'))
    return search(scope, { ...exchange, reach: insideOf(exchange) }, services)
  return search({ ...scope, also: [compartmentClause(compartment, type)] }, exchange, services)
}

/** The compartment is one more condition on every way to be in reach. */
function insideOf({ reach, asked }: Exchange<'search-compartment'>): Reach {
  const within = reach.within.map((slice) => ({
    ...slice,
    compartments: [...new Set([...slice.compartments, asked.compartment])],
  }))
  return { ...reach, within }
}

/** What is searched: a type or `*`, the address of that below the base, and what else has to hold. */
interface Scope {
  readonly type: string
  readonly place: string
  readonly also?: readonly Clause[]
}

async function search(scope: Scope, permitted: Permitted, services: Services): Promise<Prepared> {
  const { type, place } = scope
  const asked = parseSearch(place, permitted, services)
  const vocabulary = await loadVocabulary(asked.parameters, permitted, services)
  const planned = plan(scope, asked, vocabulary, permitted, services)
  if (type === '*') checkSearchable(namedIn(planned), permitted.caller, services.base)
  const page = await services.repository.search(planned.plan)
  const matches = admitAll(page, type, permitted, services)
  const included = await loadIncluded(matches, planned.include, permitted, services)
  const searched: Searched = {
    place,
    asked,
    matches,
    included: included.resources,
    ignored: planned.ignored,
    notes: included.notes,
    ...totalOf(page, asked, matches),
    ...(page.next !== undefined && { next: page.next }),
  }
  return {
    status: 200,
    touched: touchStored([...matches, ...included.resources]),
    query: String(
      new URLSearchParams(asked.parameters.map(([name, value]): [string, string] => [name, value])),
    ),
    finish: () => searchsetReply(searched, permitted, services),
  }
}

/** The types that `_type` names. */
function namedIn({ plan: { type, types } }: PlannedSearch): readonly string[] {
  return types ?? (type === '*' ? [] : [type])
}

function plan(
  { type, also }: Scope,
  { parameters, cursor }: AskedSearch,
  vocabulary: Vocabulary | undefined,
  { reach, preferences, caller }: Permitted,
  { base }: Services,
): PlannedSearch {
  try {
    return planSearch({
      type,
      parameters,
      reach,
      base,
      strict: preferences.strict,
      reachFor: (linked) => reachFor(caller, 's', linked),
      ...(also && { also }),
      ...(vocabulary && { vocabulary }),
      ...(cursor !== undefined && { cursor }),
    })
  } catch (error) {
    if (!(error instanceof SearchError)) throw error
    throw new FhirError('parameter', { text: `${error.parameter}: ${error.text}.` })
  }
}

/** The query was narrowed already: a match that fails the check means that query and check disagree, which is our fault. */
function admitAll(
  page: SearchPage,
  type: string,
  { reach, request }: Permitted,
  { matches, log }: Services,
): Admitted[] {
  const admitted = page.matches.flatMap((stored) => admit(stored, reach, matches) ?? [])
  const dropped = page.matches.length - admitted.length
  if (dropped > 0) log.error({ dropped, type, request: request.id }, 'a search found what is out of reach')
  return admitted
}

function totalOf(page: SearchPage, asked: AskedSearch, matches: readonly Admitted[]): { total?: number } {
  // Later pages repeat what the first one counted.
  const total = page.total ?? asked.total
  return total === undefined ? {} : { total: total - (page.matches.length - matches.length) }
}
