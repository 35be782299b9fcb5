/** What a plan asks of the trail's own index: whose records, and of what time. It may let through more than the plan, never less. */
import { mostPatientsAtOnce, type TrailQuery } from '../../audit/reader.ts'
import type { Clause, DateCondition, SearchPlan, ValueClause } from '../search/plan.ts'
import { beginningOfTime, endOfTime } from '../search/rows.ts'

/** Patients and times of a plan; an empty list of patients has no record. */
export function prefilter(plan: SearchPlan): Pick<TrailQuery, 'patients' | 'from' | 'to'> {
  const patients = patientsWanted(plan)
  const ranges = plan.clauses.filter(isValue).filter(isAboutTime).map(rangeOf)
  return {
    from: Math.max(beginningOfTime, ...ranges.map(({ from }) => from)),
    to: Math.min(endOfTime, ...ranges.map(({ to }) => to)),
    ...(patients && patients.size <= mostPatientsAtOnce && { patients: [...patients] }),
  }
}

/**
 * The fewest that a clause names or the reach has; nothing when neither says. Not those that all of them have: a record
 * may concern one patient of each.
 */
function patientsWanted({ clauses, reach }: SearchPlan): Set<string> | undefined {
  const sets = [...clauses.filter(isValue).map(patientsNamed), patientsWithin(reach.within)].filter(
    (set) => set !== undefined,
  )
  return sets.sort((a, b) => a.size - b.size)[0]
}

function isValue(clause: Clause): clause is ValueClause {
  return clause.kind === 'value'
}

function patientsNamed({ parameter, values, negated, any }: ValueClause): Set<string> | undefined {
  if (parameter.code !== 'patient' || values !== 'reference' || negated) return undefined
  const ids = any.map((condition) => (condition.kind === 'reference' ? condition.id : undefined))
  return ids.every((id) => id !== undefined) ? new Set(ids) : undefined
}

function patientsWithin(arms: SearchPlan['reach']['within']): Set<string> | undefined {
  const lists = arms.map(({ patients }) => patients[0])
  return lists.every((list) => list !== undefined) ? new Set(lists.flat()) : undefined
}

function isAboutTime({ parameter, values, negated }: ValueClause): boolean {
  return !negated && (values === 'lastUpdated' || (values === 'date' && parameter.code === 'date'))
}

interface TimeRange {
  readonly from: number
  readonly to: number
}

const always: TimeRange = { from: beginningOfTime, to: endOfTime }

function rangeOf({ any }: ValueClause): TimeRange {
  const ranges = any.map((condition) => (condition.kind === 'date' ? around(condition) : always))
  return {
    from: Math.min(...ranges.map(({ from }) => from)),
    to: Math.max(...ranges.map(({ to }) => to)),
  }
}

/** Both ends are a little wide: the comparison itself is made on each record. */
function around({ comparison, low, high }: DateCondition): TimeRange {
  switch (comparison) {
    case 'eq':
    case 'ap':
      return { from: low, to: high }
    case 'gt':
    case 'ge':
    case 'sa':
      return { from: low, to: endOfTime }
    case 'lt':
    case 'le':
    case 'eb':
      return { from: beginningOfTime, to: high }
    case 'ne':
      return always
  }
}
