/** From a query and a reach to a plan. @see https://hl7.org/fhir/R4/search.html */
import type { Reach } from '../../smart/slice.ts'
import { parseClause } from './clause.ts'
import { type Item, isControl, parseControl } from './control.ts'
import { parseCursor } from './cursor.ts'
import type { IncludeSpec } from './include.ts'
import type { Clause, Position, SearchPlan } from './plan.ts'
import { planReach } from './reach.ts'
import { SearchError } from './search-error.ts'

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
}

export interface PlannedSearch {
  readonly plan: SearchPlan
  /** Parameters that were passed over: their names, or of those that were understood in part, the whole. */
  readonly ignored: readonly string[]
  readonly include: readonly IncludeSpec[]
  readonly elements?: readonly string[]
  readonly summary?: 'count'
}

const clausesLimit = 100
/** Also those that are passed over: each is told back in the reply. */
const parametersLimit = 200
/** A query can carry a few ten thousand values, and a condition has up to four. */
const conditionsLimit = 5000

/** Plans a search. Throws a SearchError for what is wrong, and for what is not supported and would narrow the result. */
export function planSearch({ type, parameters, reach, base, strict, cursor }: SearchRequest): PlannedSearch {
  const asked = parameters.filter(([name, value]) => name !== '' || value !== '')
  if (asked.length > parametersLimit) throw new SearchError('', `more than ${parametersLimit} parameters`)
  const control = parseControl(
    type,
    asked.filter(([name]) => isControl(name)),
    strict,
  )
  const { clauses, unknown } = parseClauses(asked, { type, base }, strict)
  const count = control.summary === 'count' ? 0 : control.count
  const after = cursor === undefined ? undefined : readCursor(cursor, control.sort.length)
  return {
    plan: {
      type,
      clauses,
      reach: planReach(reach, type),
      sort: control.sort,
      count,
      // Counting again on each page would cost more than the page.
      total: count === 0 || control.total === 'accurate' || (control.total === undefined && !after),
      ...(after && { after }),
    },
    ignored: [...unknown, ...control.ignored],
    include: control.include,
    ...(control.elements && { elements: control.elements }),
    ...(control.summary && { summary: control.summary }),
  }
}

function parseClauses(items: readonly Item[], context: { type: string; base: string }, strict: boolean) {
  const clauses: Clause[] = []
  const unknown: string[] = []
  for (const [name, value] of items) {
    if (isControl(name)) continue
    const clause = parseClause(name, value, context)
    if (clause) clauses.push(clause)
    else if (strict) throw new SearchError(name, `${context.type} has no such search parameter`)
    else unknown.push(name)
  }
  if (clauses.length > clausesLimit) throw new SearchError('', `more than ${clausesLimit} parameters`)
  const conditions = clauses.reduce((sum, { any }) => sum + any.length, 0)
  if (conditions > conditionsLimit) throw new SearchError('', `more than ${conditionsLimit} alternatives`)
  return { clauses, unknown }
}

function readCursor(cursor: string, sortKeys: number): Position {
  const position = parseCursor(cursor, sortKeys)
  if (!position) throw new SearchError('cursor', 'this link to a page is not one of ours')
  return position
}
