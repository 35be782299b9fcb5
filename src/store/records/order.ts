/** Sorting in SQL, and going on after a position. Resources without a value come last, both ways. */
import type { Position, SortKey } from '../../resource/search/plan.ts'
import { type Candidate, tables } from './clauses.ts'
import { parameterNumber } from './dictionary.ts'
import { type Fragment, list, name, sql } from './fragment.ts'

const sortColumns = {
  token: 'v.code',
  string: 'v.folded',
  text: 'v.words',
  date: 'v.low',
  number: 'v.low',
  reference: 'v.id',
  id: 'r.id',
  lastUpdated: 'r.updated',
} as const

/** A candidate's value for each key, as the columns `s0`, `s1`, …: the least, or the greatest when descending. */
export function sortColumnsOf(sort: readonly SortKey[], candidate: Candidate): Fragment {
  return list(
    sort.map((key, at) => sql`, ${sortValue(key, candidate)} AS ${name(`s${at}`)}`),
    '',
  )
}

function sortValue({ parameter, values, descending }: SortKey, { row, dialect }: Candidate): Fragment {
  const table = tables[values]
  const column = sortColumns[values]
  if (!table) return name(column)
  const extreme = name(descending ? 'max' : 'min')
  // Only compared: else SQLite goes through the values of all resources in order until one is of this resource.
  const value = name(dialect.compared(column))
  return sql`(SELECT ${extreme}(${value}) FROM ${table} v WHERE v.row = ${row} AND v.parameter = ${parameterNumber(parameter)})`
}

/** The order of a page. */
export function orderBy(sort: readonly SortKey[]): Fragment {
  const keys = sort.map(({ values, descending }, at) => {
    const missingLast = tables[values] ? `s${at} IS NULL, ` : ''
    return name(`${missingLast}s${at}${descending ? ' DESC' : ''}`)
  })
  return list([...keys, name('row')], ', ')
}

/** Whether a row of the sorted result comes after a position. */
export function comesAfter(sort: readonly SortKey[], { values, row }: Position): Fragment {
  return sort.reduceRight<Fragment>((rest, { descending }, at) => {
    const column = name(`s${at}`)
    const value = values[at] ?? null
    // After the resources without a value there are only more of them.
    if (value === null) return sql`(${column} IS NULL AND ${rest})`
    const beyond = descending ? sql`${column} < ${value}` : sql`${column} > ${value}`
    return sql`(${column} IS NULL OR ${beyond} OR (${column} = ${value} AND ${rest}))`
  }, sql`row > ${row}`)
}
