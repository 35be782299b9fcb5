/** Pieces of SQL that carry their values: text is never made of values. */
import type { Dialect, Fragment, SqlPair, SqlValue } from '../sql.ts'

export type { Fragment } from '../sql.ts'

/** SQL with values and other fragments in it. */
export function sql(
  texts: TemplateStringsArray,
  ...parts: readonly (string | number | Fragment)[]
): Fragment {
  let text = texts[0] ?? ''
  const values: SqlValue[] = []
  for (const [at, part] of parts.entries()) {
    if (typeof part === 'object') {
      text += part.text
      values.push(...part.values)
    } else {
      text += '?'
      values.push(part)
    }
    text += texts[at + 1] ?? ''
  }
  return { text, values }
}

/** A name of ours (a table, a column) as it is. */
export function name(text: string): Fragment {
  return { text, values: [] }
}

/** All of them must hold; none at all always holds. */
export function allOf(fragments: readonly Fragment[]): Fragment {
  return fold(fragments, 'AND') ?? sql`TRUE`
}

/** One of them must hold; none at all never holds. */
export function anyOf(fragments: readonly Fragment[]): Fragment {
  return fold(fragments, 'OR') ?? sql`FALSE`
}

/** Joined as a balanced tree, because a long chain would be deeper than SQLite allows an expression to be. */
function fold(fragments: readonly Fragment[], operator: 'AND' | 'OR'): Fragment | undefined {
  const [first] = fragments
  if (fragments.length < 2) return first
  const middle = fragments.length >> 1
  const left = fold(fragments.slice(0, middle), operator) ?? sql`TRUE`
  const right = fold(fragments.slice(middle), operator) ?? sql`TRUE`
  return sql`(${left} ${name(operator)} ${right})`
}

/** Several fragments one after another. */
export function list(fragments: readonly Fragment[], separator: string): Fragment {
  return {
    text: fragments.map(({ text }) => text).join(separator),
    values: fragments.flatMap(({ values }) => values),
  }
}

/** Whether `column` is one of `values`; one statement serves lists of any length. */
export function isOneOf(column: string, values: readonly (string | number)[], dialect: Dialect): Fragment {
  const [only] = values
  if (only !== undefined && values.length === 1) return sql`${name(column)} = ${only}`
  return dialect.isOneOf(column, values)
}

/** Whether two columns are one of `pairs`. */
export function isOnePairOf(
  columns: readonly [string, string],
  pairs: readonly SqlPair[],
  dialect: Dialect,
): Fragment {
  const [first, second] = columns.map(name) as [Fragment, Fragment]
  const [only] = pairs
  if (only && pairs.length === 1) return sql`${first} = ${only[0]} AND ${second} = ${only[1]}`
  return sql`(${first}, ${second}) IN (SELECT one, other FROM ${dialect.pairs(pairs)} p)`
}
