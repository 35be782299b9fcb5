/**
 * Conditions on index rows in SQL. They say exactly what `resource/search/values` says in memory; the contract tests
 * hold the two against each other.
 */
import type {
  Condition,
  DateCondition,
  NumberCondition,
  ReferenceCondition,
  StringCondition,
  TokenCondition,
  ValueClause,
} from '../../resource/search/plan.ts'
import type { Dialect, SqlPair } from '../sql.ts'
import { systemNumber } from './dictionary.ts'
import { allOf, anyOf, type Fragment, isOneOf, isOnePairOf, name, sql } from './fragment.ts'
import { indexKey } from './index-key.ts'

/** Whether the row `v` of a table of values satisfies one of the conditions. */
export function valueCondition(any: readonly Condition[], dialect: Dialect): Fragment {
  const tokens = any.filter((condition) => condition.kind === 'token')
  const references = any.filter((condition) => condition.kind === 'reference')
  return anyOf([
    ...tokenConditions(tokens, dialect),
    ...referenceConditions(references, dialect),
    ...any.flatMap((condition) => otherCondition(condition, dialect)),
  ])
}

/** The condition of a clause on a resource's own columns; `resource` is what its row is called. */
export function resourceCondition(
  { any, values }: ValueClause,
  resource: string,
  dialect: Dialect,
): Fragment {
  const ids = any.flatMap((condition) => (condition.kind === 'id' ? condition.id : []))
  return anyOf([
    ...(ids.length > 0 ? [isOneOf(`${resource}.id`, ids, dialect)] : []),
    ...any.flatMap((condition) => {
      if (condition.kind === 'present') return sql`TRUE`
      return condition.kind === 'date' && values === 'lastUpdated'
        ? dateCondition(condition, name(`${resource}.updated`), name(`${resource}.updated + 1`))
        : []
    }),
  ])
}

function otherCondition(condition: Condition, dialect: Dialect): Fragment[] {
  switch (condition.kind) {
    case 'present':
      return [sql`TRUE`]
    case 'string':
      return [stringCondition(condition, dialect)]
    case 'words':
      return [allOf(condition.words.map((word) => dialect.contains('v.words', ` ${word}`)))]
    case 'date':
      return [dateCondition(condition, name('v.low'), name('v.high'))]
    case 'number':
      return [numberCondition(condition)]
    default:
      return []
  }
}

function tokenConditions(asked: readonly TokenCondition[], dialect: Dialect): Fragment[] {
  const codes: string[] = []
  const pairs: SqlPair[] = []
  const systems: string[] = []
  for (const { system, code } of asked) {
    if (system === undefined) codes.push(indexKey(code ?? ''))
    else if (code === undefined) systems.push(indexKey(system))
    else pairs.push([indexKey(code), indexKey(system)])
  }
  return [
    ...(codes.length > 0 ? [isOneOf('v.code', codes, dialect)] : []),
    ...(pairs.length > 0 ? [isOneCoding(pairs, dialect)] : []),
    ...(systems.length > 0 ? [ofOneSystem(systems, dialect)] : []),
  ]
}

/** Code and system, the system by its number. */
function isOneCoding(pairs: readonly SqlPair[], dialect: Dialect): Fragment {
  const [only] = pairs
  if (only && pairs.length === 1) return sql`v.code = ${only[0]} AND v.system = ${systemNumber(only[1])}`
  const numbered = sql`${dialect.pairs(pairs)} p ${name(dialect.thenJoin)} systems s ON s.uri = p.other`
  return sql`(v.code, v.system) IN (SELECT p.one, s.number FROM ${numbered})`
}

function ofOneSystem(systems: readonly string[], dialect: Dialect): Fragment {
  return sql`v.system IN (SELECT number FROM systems WHERE ${isOneOf('uri', systems, dialect)})`
}

function referenceConditions(asked: readonly ReferenceCondition[], dialect: Dialect): Fragment[] {
  const ids: string[] = []
  const pairs: SqlPair[] = []
  const urls: string[] = []
  for (const { type, id, url } of asked) {
    if (url !== undefined) urls.push(indexKey(url))
    else if (type === undefined) ids.push(indexKey(id ?? ''))
    else pairs.push([indexKey(id ?? ''), type])
  }
  return [
    ...(ids.length > 0 ? [isOneOf('v.id', ids, dialect)] : []),
    ...(pairs.length > 0 ? [isOnePairOf(['v.id', 'v.type'], pairs, dialect)] : []),
    ...(urls.length > 0 ? [sql`(v.id = '' AND v.type = '' AND ${isOneOf('v.url', urls, dialect)})`] : []),
  ]
}

function stringCondition({ match, text }: StringCondition, dialect: Dialect): Fragment {
  switch (match) {
    case 'starts':
      return dialect.starts('v.folded', text)
    case 'contains':
      return dialect.contains('v.folded', text)
    case 'folded':
      return dialect.equals('v.folded', text)
    case 'exact':
      return sql`v.exact = ${text}`
  }
}

function dateCondition(asked: DateCondition, low: Fragment, high: Fragment): Fragment {
  const within = sql`(${low} >= ${asked.low} AND ${high} <= ${asked.high})`
  switch (asked.comparison) {
    case 'eq':
      return within
    case 'ne':
      return sql`NOT ${within}`
    case 'gt':
      return sql`${high} > ${asked.high}`
    case 'lt':
      return sql`${low} < ${asked.low}`
    case 'ge':
      return sql`(${within} OR ${high} > ${asked.high})`
    case 'le':
      return sql`(${within} OR ${low} < ${asked.low})`
    case 'sa':
      return sql`${low} >= ${asked.high}`
    case 'eb':
      return sql`${high} <= ${asked.low}`
    case 'ap':
      return sql`(${low} < ${asked.high} AND ${high} > ${asked.low})`
  }
}

function numberCondition(asked: NumberCondition): Fragment {
  return sql`(${magnitudeCondition(asked)} AND ${unitCondition(asked)})`
}

function unitCondition({ system, code }: NumberCondition): Fragment {
  if (system === undefined)
    return code === undefined ? sql`TRUE` : sql`(v.code = ${indexKey(code)} OR v.unit = ${indexKey(code)})`
  const ofSystem = sql`v.system = ${systemNumber(system)}`
  return code === undefined ? ofSystem : sql`(${ofSystem} AND v.code = ${indexKey(code)})`
}

function magnitudeCondition(asked: NumberCondition): Fragment {
  const within = sql`(v.low >= ${asked.low} AND v.high < ${asked.high})`
  switch (asked.comparison) {
    case 'eq':
      return within
    case 'ne':
      return sql`NOT ${within}`
    case 'gt':
      return sql`v.high > ${asked.value}`
    case 'lt':
      return sql`v.low < ${asked.value}`
    case 'ge':
      return sql`v.high >= ${asked.value}`
    case 'le':
      return sql`v.low <= ${asked.value}`
    case 'sa':
      return sql`v.low > ${asked.value}`
    case 'eb':
      return sql`v.high < ${asked.value}`
    case 'ap':
      return sql`(v.low <= ${asked.high} AND v.high >= ${asked.low})`
  }
}
