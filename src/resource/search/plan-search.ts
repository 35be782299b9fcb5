/** From a query and a reach to a plan. @see https://hl7.org/fhir/R4/search.html */
import type { Reach } from '../../smart/slice.ts'
import { isComparison, parseClause } from './clause.ts'
import type { Context } from './context.ts'
import { type Item, isControl, parseControl, type Summary } from './control.ts'
import { parseCursor } from './cursor.ts'
import type { IncludeSpec } from './include.ts'
import type { Clause, Condition, Position, SearchPlan } from './plan.ts'
import { planReach } from './reach.ts'
import { SearchError } from './search-error.ts'
import { isTypeList, parseAcrossTypes, parseTypes } from './type-list.ts'
import type { Vocabulary } from './vocabulary.ts'

export interface SearchRequest {
  /** A resource type, or `*` for a search across types. */
  readonly type: string
  /** In the order they came, percent-decoded. */
  readonly parameters: readonly Item[]
  /** What may be found. */
  readonly reach: Reach
  /** The FHIR base URL, without a slash at the end. */
  readonly base: string
  /** Whether an unknown parameter is an error (`Prefer: handling=strict`). */
  readonly strict: boolean
  /** From the page before. */
  readonly cursor?: string
  /** What of a type may be found at the other end of a chain; without it, chains and `_has` are refused. */
  readonly reachFor?: (type: string) => Reach
  /** What is known of the value sets and code systems that the query names. */
  readonly vocabulary?: Vocabulary
  /** What has to hold beside the query. */
  readonly also?: readonly Clause[]
  /** What the filters of the reach may rest on. */
  readonly reachVocabulary?: Vocabulary
}

export interface PlannedSearch {
  readonly plan: SearchPlan
  /** Parameters that were passed over: their names, or of those that were understood in part, the whole. */
  readonly ignored: readonly string[]
  readonly include: readonly IncludeSpec[]
  readonly elements?: readonly string[]
  readonly summary?: Summary
}

const clausesLimit = 100
/** Also those that are passed over: each is told back in the reply. */
const parametersLimit = 200
/** Values of lists that are looked up, in all clauses together. */
const lookupsLimit = 20_000
/** Values that are compared one by one, in all clauses together. */
const comparisonsLimit = 500
/** One chain may lead to several types, and each of these on to several. */
const linksLimit = 100

/** Plans a search. Throws a SearchError for what is wrong, and for what is not supported and would narrow the result. */
export function planSearch(request: SearchRequest): PlannedSearch {
  const { reach, strict, cursor, also = [] } = request
  const asked = request.parameters.filter(([name, value]) => name !== '' || value !== '')
  if (asked.length > parametersLimit) throw new SearchError('', `more than ${parametersLimit} parameters`)
  const { type, types } = scopeOf(request.type, asked)
  const control = parseControl(
    type,
    asked.filter(([name]) => isControl(name)),
    strict,
  )
  const { clauses, unknown } = parseClauses(asked, types, contextOf(request, type), request)
  const count = control.summary === 'count' ? 0 : control.count
  const after = cursor === undefined ? undefined : readCursor(cursor, control.sort.length)
  return {
    plan: {
      type,
      ...(types && { types }),
      clauses: [...also, ...clauses],
      reach: planReach(reach, type, request.reachVocabulary),
      sort: control.sort,
      count,
      // Counting again on each page would cost more than the page.
      total: count === 0 || control.total === 'accurate' || (control.total === undefined && !after),
      ...(count > 0 && control.total !== 'accurate' && { totalIfSoon: true as const }),
      ...(after && { after }),
    },
    ignored: [...unknown, ...control.ignored],
    include: control.include,
    ...(control.elements && { elements: control.elements }),
    ...(control.summary && { summary: control.summary }),
  }
}

/** A search across types that names a single one is a search of that one. */
function scopeOf(type: string, asked: readonly Item[]): { type: string; types?: readonly string[] } {
  const types = type === '*' ? parseTypes(asked) : undefined
  const [only] = types ?? []
  if (types?.length === 1 && only !== undefined) return { type: only }
  return types ? { type, types } : { type }
}

function contextOf(request: SearchRequest, type: string): Context {
  const { base, vocabulary, reachFor, reachVocabulary } = request
  let left = linksLimit
  return {
    type,
    base,
    ...(vocabulary && { vocabulary }),
    ...(reachFor && {
      links: {
        reachOf: (linked: string) => planReach(reachFor(linked), linked, reachVocabulary),
        spend: () => left-- > 0,
        depth: 0,
      },
    }),
  }
}

function parseClauses(
  items: readonly Item[],
  types: readonly string[] | undefined,
  context: Context,
  { strict, type }: SearchRequest,
) {
  const clauses: Clause[] = []
  const unknown: string[] = []
  for (const [name, value] of items) {
    if (isControl(name) || (type === '*' && isTypeList(name))) continue
    const clause = types ? parseAcrossTypes(name, value, types, context) : parseClause(name, value, context)
    if (clause) clauses.push(clause)
    else if (strict) throw new SearchError(name, `${context.type} has no such search parameter`)
    else unknown.push(name)
  }
  checkAmount(clauses)
  return { clauses, unknown }
}

function checkAmount(clauses: readonly Clause[]): void {
  if (clauses.length > clausesLimit) throw new SearchError('', `more than ${clausesLimit} parameters`)
  const conditions = clauses.flatMap(conditionsOf)
  const comparisons = conditions.filter(isComparison).length
  if (conditions.length - comparisons > lookupsLimit || comparisons > comparisonsLimit)
    throw new SearchError('', 'more alternatives than can be looked for at once')
}

function conditionsOf(clause: Clause): readonly Condition[] {
  switch (clause.kind) {
    case 'value':
      return clause.any
    case 'group':
      return clause.any.flat().flatMap(({ any }) => any)
    default:
      return clause.any.flatMap(({ clauses }) => clauses.flatMap(conditionsOf))
  }
}

function readCursor(cursor: string, sortKeys: number): Position {
  const position = parseCursor(cursor, sortKeys)
  if (!position) throw new SearchError('cursor', 'this link to a page is not one of ours')
  return position
}
