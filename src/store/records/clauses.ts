/** Clauses and reaches of a plan in SQL, as questions about one candidate resource. */
import type { Arm, Clause, ReachPlan, Values } from '../../resource/search/plan.ts'
import { resourceCondition, valueCondition } from './conditions.ts'
import type { Dictionary } from './dictionary.ts'
import { allOf, anyOf, type Fragment, isOneOf, name, sql } from './fragment.ts'

/** `row` names the candidate's row number; `r`, where it is used, is its row in `resources`. */
export interface Candidate {
  readonly row: Fragment
  /** A resource type, or `*` when candidates may be of any. */
  readonly type: string
  readonly dictionary: Dictionary
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
export function clauseHolds(clause: Clause, { row, dictionary }: Candidate): Fragment {
  const table = tables[clause.values]
  // The `+` keeps SQLite from going through all resources with the value instead of the few values of the resource.
  const holds = table
    ? sql`EXISTS (SELECT 1 FROM ${table} v WHERE v.row = ${row} AND +${onParameter(clause, dictionary)})`
    : resourceCondition(clause)
  return clause.negated ? sql`NOT (${holds})` : holds
}

/** The condition on a row `v` of the clause's table, the parameter included. */
export function onParameter(clause: Clause, dictionary: Dictionary): Fragment {
  return sql`v.parameter = ${dictionary.findParameter(clause.parameter)} AND ${valueCondition(clause, dictionary)}`
}

/** Whether the candidate is in reach. */
export function inReach({ within, without }: ReachPlan, candidate: Candidate): Fragment {
  const inside = anyOf(within.map((arm) => armHolds(arm, candidate)))
  if (without.length === 0) return inside
  return sql`(${inside} AND NOT ${anyOf(without.map((arm) => armHolds(arm, candidate)))})`
}

function armHolds({ type, patients, clauses }: Arm, candidate: Candidate): Fragment {
  return allOf([
    ...(candidate.type === '*' && type !== '*' ? [sql`r.type = ${type}`] : []),
    ...patients.map((ids) => inCompartment(ids, candidate)),
    ...clauses.map((clause) => clauseHolds(clause, candidate)),
  ])
}

function inCompartment(patients: readonly string[], { row }: Candidate): Fragment {
  return sql`EXISTS (SELECT 1 FROM compartments c WHERE c.row = ${row} AND ${isOneOf('+c.patient', patients)})`
}
