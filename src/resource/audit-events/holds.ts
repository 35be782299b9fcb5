/** Whether a form of a record is what a plan asks for, by the comparisons that every resource is judged with. */
import { soughtForm } from '../../audit/fhir/sought.ts'
import { isInCompartment, isOnlyIn } from '../../smart/compartment.ts'
import type { Resource } from '../../smart/resource.ts'
import { clauseHolds } from '../search/matches.ts'
import type { Arm, SearchPlan } from '../search/plan.ts'

/** Whether the resource satisfies every clause and is in reach. */
export function planHolds(resource: Resource, { clauses, reach }: SearchPlan): boolean {
  const inside = reach.within.some((arm) => armHolds(resource, arm))
  if (!inside || reach.without.some((arm) => armHolds(resource, arm))) return false
  if (clauses.length === 0) return true
  const sought = soughtForm(resource)
  return clauses.every((clause) => clauseHolds(sought, clause))
}

function armHolds(resource: Resource, { type, patients, except, clauses }: Arm): boolean {
  return (
    (type === '*' || type === resource.resourceType) &&
    patients.every((ids) => ids.some((id) => isInCompartment(resource, `Patient/${id}`))) &&
    !(
      except &&
      isOnlyIn(
        resource,
        except.map((id) => `Patient/${id}`),
      )
    ) &&
    clauses.every((clause) => clauseHolds(resource, clause))
  )
}
