/** Parameters that say how to answer, not what to look for. @see https://hl7.org/fhir/R4/search.html#table */
import { type IncludeSpec, parseInclude } from './include.ts'
import { findParameter, indexOf } from './parameters.ts'
import type { SortKey } from './plan.ts'
import { SearchError } from './search-error.ts'

/** The short forms of a resource: marked elements, mandatory ones and the narrative, all but the narrative, nothing. */
export type Summary = 'true' | 'text' | 'data' | 'count'

export interface Control {
  readonly sort: readonly SortKey[]
  readonly count: number
  readonly include: readonly IncludeSpec[]
  readonly total?: 'none' | 'accurate'
  readonly summary?: Summary
  readonly elements?: readonly string[]
  /** What was passed over, as it was written. */
  readonly ignored: readonly string[]
}

export type Item = readonly [name: string, value: string]

const defaultCount = 50
const largestCount = 1000
/** Each sort key is a column of the query, each inclusion a query of its own. */
const sortLimit = 10
const includeLimit = 50

const controlNames = new Set(
  '_sort _count _include _revinclude _total _summary _elements _format _pretty'.split(' '),
)

/** Whether a parameter, with any modifier, is about the answer. */
export function isControl(name: string): boolean {
  return controlNames.has(name.split(':')[0] ?? '')
}

/** Reads all control parameters. None of them widens a result: unless `strict`, one that is not understood may be passed over. */
export function parseControl(type: string, items: readonly Item[], strict: boolean): Control {
  const ignored: string[] = []
  const pass = (name: string, value: string, text: string) => {
    if (strict) throw new SearchError(name, text)
    ignored.push(`${name}=${value}`)
  }
  const first = (name: string) => items.find(([key, value]) => key === name && value !== '')?.[1]
  const elements = first('_elements')?.split(',').filter(Boolean)
  checkAmounts(items)
  const include = eachOnce(
    items.flatMap(([name, value]) => (/^_(rev)?include/.test(name) ? includes(name, value, pass) : [])),
  )
  const { summary } = parseSummary(first('_summary'), pass)
  if (summary === 'text' && include.length > 0)
    throw new SearchError('_summary', 'text cannot be asked together with inclusions')
  return {
    sort: items.flatMap(([name, value]) =>
      name.startsWith('_sort') ? parseSort(type, name, value, pass) : [],
    ),
    include,
    count: parseCount(first('_count')),
    ...parseTotal(first('_total')),
    ...(summary && { summary }),
    ...(elements?.length && { elements }),
    ignored,
  }
}

/** Refuses more than anybody could mean. */
function checkAmounts(items: readonly Item[]): void {
  const keys = items.flatMap(([name, value]) => (name.startsWith('_sort') ? value.split(',') : []))
  if (keys.length > sortLimit) throw new SearchError('_sort', `more than ${sortLimit} keys`)
  const inclusions = items.filter(([name]) => /^_(rev)?include/.test(name))
  if (inclusions.length > includeLimit)
    throw new SearchError('_include', `more than ${includeLimit} inclusions`)
}

/** Each is searches of its own. */
function eachOnce(specs: readonly IncludeSpec[]): IncludeSpec[] {
  return [...new Map(specs.map((spec) => [JSON.stringify(spec), spec])).values()]
}

type Pass = (name: string, value: string, text: string) => void

function parseSort(type: string, name: string, value: string, pass: Pass): SortKey[] {
  // `_sort:asc=x` is how it was written before R4.
  const [, order = ''] = name.split(':')
  return value.split(',').flatMap((written) => {
    const code = written.replace(/^-/, '')
    const parameter = findParameter(type, code)
    if (!parameter?.sources.length || !['', 'asc', 'desc'].includes(order)) {
      pass(name, written, `cannot sort by '${code}'`)
      return []
    }
    return {
      parameter: parameter.key,
      values: indexOf(parameter),
      descending: written.startsWith('-') || order === 'desc',
    }
  })
}

function includes(name: string, value: string, pass: Pass): IncludeSpec[] {
  const [kind, modifier, ...more] = name.split(':')
  const iterate = modifier === 'iterate'
  const known = more.length === 0 && (modifier === undefined || iterate)
  const spec = known ? parseInclude(value, kind === '_revinclude', iterate) : undefined
  if (spec) return [spec]
  pass(name, value, 'this inclusion is not supported')
  return []
}

function parseCount(value: string | undefined): number {
  if (value === undefined) return defaultCount
  if (!/^\d{1,9}$/.test(value)) throw new SearchError('_count', 'expected a number')
  return Math.min(Number(value), largestCount)
}

function parseTotal(value: string | undefined): Pick<Control, 'total'> {
  if (value === undefined) return {}
  if (value === 'none') return { total: 'none' }
  if (value === 'accurate' || value === 'estimate') return { total: 'accurate' }
  throw new SearchError('_total', 'expected none, estimate or accurate')
}

const summaries: ReadonlySet<string> = new Set<Summary>(['true', 'text', 'data', 'count'])

function parseSummary(value: string | undefined, pass: Pass): Pick<Control, 'summary'> {
  if (value === undefined || value === 'false') return {}
  if (summaries.has(value)) return { summary: value as Summary }
  pass('_summary', value, 'expected true, text, data, count or false')
  return {}
}
