/** Clauses and reaches of a plan in SQL, as questions about one candidate resource. */
import type {
  Alternative,
  Arm,
  Clause,
  Condition,
  GroupClause,
  Link,
  LinkClause,
  PartCondition,
  ReachPlan,
  ValueClause,
  Values,
} from '../../resource/search/plan.ts'
import type { ParameterKey } from '../../resource/search/rows.ts'
import type { Dialect } from '../sql.ts'
import { resourceCondition, valueCondition } from './conditions.ts'
import { parameterNumber } from './dictionary.ts'
import { allOf, anyOf, type Fragment, isOneOf, name, sql } from './fragment.ts'

export interface Candidate {
  /** Its row number. */
  readonly row: Fragment
  /** What its row in `resources` is called, where it is used: `r`, and further along a chain `t1`, `t2`, …. */
  readonly resource: string
  /** A resource type, or `*` when candidates may be of any. */
  readonly type: string
  readonly dialect: Dialect
  /** How many links lead here. */
  readonly depth: number
}

/** The table that keeps values of a kind; a resource's id and time of change have none. */
export const tables: Readonly<Partial<Record<Values, Fragment>>> = {
  token: name('tokens'),
  string: name('strings'),
  text: name('texts'),
  date: name('dates'),
  number: name('numbers'),
  reference: name('links'),
}

/** Whether the candidate satisfies a clause. */
export function clauseHolds(clause: Clause, candidate: Candidate): Fragment {
  switch (clause.kind) {
    case 'value':
      return negatedIf(clause.negated, valueHolds(clause, candidate))
    case 'group':
      return negatedIf(clause.negated, groupHolds(clause, candidate))
    case 'either': {
      const any = clause.any.map((alternative) => alternativeHolds(alternative, candidate))
      return negatedIf(clause.negated, anyOf(any))
    }
    case 'link':
      return anyOf(clause.any.map((link) => linkHolds(link, clause, candidate)))
  }
}

function negatedIf(negated: boolean, holds: Fragment): Fragment {
  return negated ? sql`NOT (${holds})` : holds
}

/** Whether there is a row; it is asked about one candidate. */
function exists(rows: Fragment, { aboutOne }: Dialect): Fragment {
  return sql`EXISTS (SELECT 1 FROM ${rows}${name(aboutOne)})`
}

function valueHolds(clause: ValueClause, { row, resource, dialect }: Candidate): Fragment {
  const table = tables[clause.values]
  if (!table) return resourceCondition(clause, resource, dialect)
  const holds = onParameter(clause.parameter, clause.any, dialect, dialect.compared)
  return exists(sql`${table} v WHERE v.row = ${row} AND ${holds}`, dialect)
}

/**
 * The condition on a row `v` of a table of values, the parameter included. With the parameter only `compared`, the few
 * values of one resource are gone through, not all resources with the value.
 */
export function onParameter(
  parameter: ParameterKey,
  any: readonly Condition[],
  dialect: Dialect,
  compared = asItIs,
): Fragment {
  const column = name(compared('v.parameter'))
  return sql`${column} = ${parameterNumber(parameter)} AND ${valueCondition(any, dialect)}`
}

const asItIs = (column: string): string => column

/** Some element of the candidate has all parts of an alternative. */
function groupHolds({ any }: GroupClause, candidate: Candidate): Fragment {
  return anyOf(any.map((parts) => elementHolds(parts, candidate)))
}

function elementHolds(parts: readonly PartCondition[], { row, dialect }: Candidate): Fragment {
  const [first] = parts
  if (!first) return sql`FALSE`
  const { compared } = dialect
  const element = sql`e.row = ${row} AND ${name(compared('e.parameter'))} = ${parameterNumber(first.component)}`
  const all = parts.map(({ component, any }) => {
    const holds = onParameter(component, any, dialect, compared)
    return exists(sql`parts v WHERE v.row = e.row AND v.part = e.part AND ${holds}`, dialect)
  })
  return exists(sql`parts e WHERE ${element} AND ${allOf(all)}`, dialect)
}

function alternativeHolds({ type, clauses }: Alternative, candidate: Candidate): Fragment {
  if (type !== undefined && candidate.type !== '*' && candidate.type !== type) return sql`FALSE`
  return allOf([
    ...(type === undefined ? [] : typeCondition(type, candidate)),
    ...clauses.map((clause) => clauseHolds(clause, candidate)),
  ])
}

function typeCondition(type: string, candidate: Candidate): Fragment[] {
  return candidate.type === '*' && type !== '*' ? [sql`${name(`${candidate.resource}.type`)} = ${type}`] : []
}

/**
 * A resource at the other end of the link satisfies its clauses and is in reach: outside of the reach there is nothing,
 * whatever the store has.
 */
function linkHolds(link: Link, { reverse }: LinkClause, candidate: Candidate): Fragment {
  const { dialect } = candidate
  const depth = candidate.depth + 1
  const [arrow, linked] = [`l${depth}`, `t${depth}`]
  const other: Candidate = { row: name(`${linked}.row`), resource: linked, type: link.type, dialect, depth }
  const ends = name(reverse ? `${linked}.row = ${arrow}.row` : target(arrow, linked))
  const holds = allOf([
    ...link.clauses.map((clause) => clauseHolds(clause, other)),
    inReach(link.reach, other),
    dialect.inTime(other.row.text),
  ])
  const from = sql`links ${name(arrow)} ${name(dialect.thenJoin)} resources ${name(linked)} ON ${ends}`
  return exists(sql`${from} WHERE ${arrowOf(link, reverse, arrow, candidate)} AND ${holds}`, dialect)
}

/** The references between a candidate and what is at the other end: from the candidate, or reversed to it. */
function arrowOf(
  { parameter, type }: Link,
  reverse: boolean,
  arrow: string,
  { row, resource, dialect }: Candidate,
): Fragment {
  const number = parameterNumber(parameter)
  if (reverse)
    return sql`${name(`${arrow}.parameter`)} = ${number} AND ${name(`${arrow}.id = ${resource}.id AND ${arrow}.type = ${resource}.type`)}`
  const compared = name(dialect.compared(`${arrow}.parameter`))
  return sql`${name(`${arrow}.row`)} = ${row} AND ${compared} = ${number} AND ${name(`${arrow}.type`)} = ${type}`
}

/** Where a reference leads: to the current version of a resource that is still there. */
export function target(arrow: string, linked: string): string {
  return `${linked}.type = ${arrow}.type AND ${linked}.id = ${arrow}.id AND ${linked}.deleted = 0`
}

/** Whether the candidate is in reach. */
export function inReach({ within, without }: ReachPlan, candidate: Candidate): Fragment {
  const inside = anyOf(within.map((arm) => armHolds(arm, candidate)))
  if (without.length === 0) return inside
  return sql`(${inside} AND NOT ${anyOf(without.map((arm) => armHolds(arm, candidate)))})`
}

function armHolds({ type, patients, except, clauses }: Arm, candidate: Candidate): Fragment {
  return allOf([
    ...typeCondition(type, candidate),
    ...patients.map((ids) => inCompartment(ids, candidate)),
    ...(except ? [sql`NOT ${onlyIn(except, candidate)}`] : []),
    ...clauses.map((clause) => clauseHolds(clause, candidate)),
  ])
}

function inCompartment(patients: readonly string[], { row, dialect }: Candidate): Fragment {
  const among = isOneOf(dialect.compared('c.patient'), patients, dialect)
  return exists(sql`compartments c WHERE c.row = ${row} AND ${among}`, dialect)
}

function onlyIn(patients: readonly string[], candidate: Candidate): Fragment {
  const { row, dialect } = candidate
  const among = isOneOf(dialect.compared('c.patient'), patients, dialect)
  const others = exists(sql`compartments c WHERE c.row = ${row} AND NOT ${among}`, dialect)
  return sql`(${inCompartment(patients, candidate)} AND NOT ${others})`
}
