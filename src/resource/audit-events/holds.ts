/** Whether a form of a record is what a plan asks for, by the comparisons that every resource is judged with. */
import { soughtForm } from '../../audit/fhir/sought.ts'
import { patientsOf } from '../../smart/compartment.ts'
import type { Resource } from '../../smart/resource.ts'
import { clauseHolds } from '../search/matches.ts'
import type { Arm, SearchPlan } from '../search/plan.ts'

/** Whether the resource satisfies every clause and is in reach. */
export function planHolds(
  resource: Resource,
  { clauses, reach }: Pick<SearchPlan, 'clauses' | 'reach'>,
): boolean {
  const inside = reach.within.some((arm) => armHolds(resource, arm))
  if (!inside || reach.without.some((arm) => armHolds(resource, arm))) return false
  if (clauses.length === 0) return true
  const sought = soughtForm(resource)
  return clauses.every((clause) => clauseHolds(sought, clause))
}

function armHolds(resource: Resource, { type, patients, except, clauses }: Arm): boolean {
  if (type !== '*' && type !== resource.resourceType) return false
  const own = patientsOf(resource)
  const isOneOf = (ids: readonly string[]) => own.some((id) => setOf(ids).has(id))
  const isExcepted = except && own.length > 0 && own.every((id) => setOf(except).has(id))
  return patients.every(isOneOf) && !isExcepted && clauses.every((clause) => clauseHolds(resource, clause))
}

// A clinician's list of patients is asked about with every form, so it is made a set once.
const known = new WeakMap<readonly string[], ReadonlySet<string>>()

function setOf(ids: readonly string[]): ReadonlySet<string> {
  const found = known.get(ids) ?? new Set(ids)
  known.set(ids, found)
  return found
}
