/**
 * Conditions on index rows in SQL. They say exactly what `resource/search/values` says in memory; the contract tests
 * hold the two against each other.
 */
import type {
  Clause,
  Condition,
  DateCondition,
  NumberCondition,
  ReferenceCondition,
  StringCondition,
  TokenCondition,
} from '../../resource/search/plan.ts'
import type { Dictionary } from './dictionary.ts'
import { anyOf, type Fragment, isOneOf, isOnePairOf, name, sql } from './fragment.ts'

/** Greater than every other character, so that a prefix and it are past all that begins with the prefix. */
const lastCharacter = '\u{10FFFF}'

/** The condition of a clause on the row `v` of the clause's table. */
export function valueCondition({ any }: Clause, dictionary: Dictionary): Fragment {
  const tokens = any.filter((condition) => condition.kind === 'token')
  const references = any.filter((condition) => condition.kind === 'reference')
  return anyOf([
    ...tokenConditions(tokens, dictionary),
    ...referenceConditions(references),
    ...any.flatMap((condition) => otherCondition(condition, dictionary)),
  ])
}

/** The condition of a clause on a resource's own columns. */
export function resourceCondition({ any, values }: Clause): Fragment {
  const ids = any.flatMap((condition) => (condition.kind === 'id' ? condition.id : []))
  return anyOf([
    ...(ids.length > 0 ? [isOneOf('r.id', ids)] : []),
    ...any.flatMap((condition) => {
      if (condition.kind === 'present') return sql`1`
      return condition.kind === 'date' && values === 'lastUpdated'
        ? dateCondition(condition, name('r.updated'), name('r.updated + 1'))
        : []
    }),
  ])
}

function otherCondition(condition: Condition, dictionary: Dictionary): Fragment[] {
  switch (condition.kind) {
    case 'present':
      return [sql`1`]
    case 'string':
      return [stringCondition(condition)]
    case 'date':
      return [dateCondition(condition, name('v.low'), name('v.high'))]
    case 'number':
      return [numberCondition(condition, dictionary)]
    default:
      return []
  }
}

function tokenConditions(asked: readonly TokenCondition[], dictionary: Dictionary): Fragment[] {
  const codes: string[] = []
  const pairs: [string, number][] = []
  const systems: number[] = []
  for (const { system, code } of asked) {
    if (system === undefined) codes.push(code ?? '')
    else if (code === undefined) systems.push(dictionary.findSystem(system))
    else pairs.push([code, dictionary.findSystem(system)])
  }
  return [
    ...(codes.length > 0 ? [isOneOf('v.code', codes)] : []),
    ...(pairs.length > 0 ? [isOnePairOf(['v.code', 'v.system'], pairs)] : []),
    ...(systems.length > 0 ? [isOneOf('v.system', systems)] : []),
  ]
}

function referenceConditions(asked: readonly ReferenceCondition[]): Fragment[] {
  const ids: string[] = []
  const pairs: [string, string][] = []
  const urls: string[] = []
  for (const { type, id, url } of asked) {
    if (url !== undefined) urls.push(url)
    else if (type === undefined) ids.push(id ?? '')
    else pairs.push([id ?? '', type])
  }
  return [
    ...(ids.length > 0 ? [isOneOf('v.id', ids)] : []),
    ...(pairs.length > 0 ? [isOnePairOf(['v.id', 'v.type'], pairs)] : []),
    ...(urls.length > 0 ? [sql`(v.id = '' AND v.type = '' AND ${isOneOf('v.url', urls)})`] : []),
  ]
}

function stringCondition({ match, text }: StringCondition): Fragment {
  switch (match) {
    case 'starts':
      return sql`(v.folded >= ${text} AND v.folded < ${text + lastCharacter})`
    case 'contains':
      return sql`instr(v.folded, ${text}) > 0`
    case 'folded':
      return sql`v.folded = ${text}`
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

function numberCondition(asked: NumberCondition, dictionary: Dictionary): Fragment {
  return sql`(${magnitudeCondition(asked)} AND ${unitCondition(asked, dictionary)})`
}

function unitCondition({ system, code }: NumberCondition, dictionary: Dictionary): Fragment {
  if (system === undefined) return code === undefined ? sql`1` : sql`(v.code = ${code} OR v.unit = ${code})`
  const ofSystem = sql`v.system = ${dictionary.findSystem(system)}`
  return code === undefined ? ofSystem : sql`(${ofSystem} AND v.code = ${code})`
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
