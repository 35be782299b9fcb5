/** Clauses and reaches of a plan in SQL, as questions about one candidate resource. */
import type { Arm, Clause, ReachPlan, Values } from '../../resource/search/plan.ts'
import type { Dialect } from '../sql.ts'
import { resourceCondition, valueCondition } from './conditions.ts'
import { parameterNumber } from './dictionary.ts'
import { allOf, anyOf, type Fragment, isOneOf, name, sql } from './fragment.ts'

/** `row` names the candidate's row number; `r`, where it is used, is its row in `resources`. */
export interface Candidate {
  readonly row: Fragment
  /** A resource type, or `*` when candidates may be of any. */
  readonly type: string
  readonly dialect: Dialect
}

/** The table that keeps values of a kind; a resource's id and time of change have none. */
export const tables: Readonly<Partial<Record<Values, Fragment>>> = {
  token: name('tokens'),
  string: name('strings'),
  date: name('dates'),
  number: name('numbers'),
  reference: name('links'),
}

/** Whether the candidate satisfies a clause. */
export function clauseHolds(clause: Clause, { row, dialect }: Candidate): Fragment {
  const table = tables[clause.values]
  const holds = table
    ? sql`EXISTS (SELECT 1 FROM ${table} v WHERE v.row = ${row} AND ${onParameter(clause, dialect, dialect.compared)})`
    : resourceCondition(clause, dialect)
  return clause.negated ? sql`NOT (${holds})` : holds
}

/**
 * The condition on a row `v` of the clause's table, the parameter included. With the parameter only `compared`, the few
 * values of one resource are gone through, not all resources with the value.
 */
export function onParameter(clause: Clause, dialect: Dialect, compared = asItIs): Fragment {
  const parameter = name(compared('v.parameter'))
  return sql`${parameter} = ${parameterNumber(clause.parameter)} AND ${valueCondition(clause, dialect)}`
}

const asItIs = (column: string): string => column

/** Whether the candidate is in reach. */
export function inReach({ within, without }: ReachPlan, candidate: Candidate): Fragment {
  const inside = anyOf(within.map((arm) => armHolds(arm, candidate)))
  if (without.length === 0) return inside
  return sql`(${inside} AND NOT ${anyOf(without.map((arm) => armHolds(arm, candidate)))})`
}

function armHolds({ type, patients, except, clauses }: Arm, candidate: Candidate): Fragment {
  return allOf([
    ...(candidate.type === '*' && type !== '*' ? [sql`r.type = ${type}`] : []),
    ...patients.map((ids) => inCompartment(ids, candidate)),
    ...(except ? [sql`NOT ${onlyIn(except, candidate)}`] : []),
    ...clauses.map((clause) => clauseHolds(clause, candidate)),
  ])
}

function inCompartment(patients: readonly string[], { row, dialect }: Candidate): Fragment {
  const among = isOneOf(dialect.compared('c.patient'), patients, dialect)
  return sql`EXISTS (SELECT 1 FROM compartments c WHERE c.row = ${row} AND ${among})`
}

function onlyIn(patients: readonly string[], candidate: Candidate): Fragment {
  const { row, dialect } = candidate
  const among = isOneOf(dialect.compared('c.patient'), patients, dialect)
  const others = sql`EXISTS (SELECT 1 FROM compartments c WHERE c.row = ${row} AND NOT ${among})`
  return sql`(${inCompartment(patients, candidate)} AND NOT ${others})`
}
