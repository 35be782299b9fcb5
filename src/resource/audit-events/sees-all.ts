/**
 * Whether a reach has the whole form of every record. Only then may records be passed by for what their whole form says:
 * for anybody else how far one page of a search gets would tell something of records that they may not see.
 */
import { viewTag, viewTagSystem } from '../../audit/fhir/view.ts'
import type { Resource } from '../../smart/resource.ts'
import type { ReachPlan } from '../search/plan.ts'
import { planHolds } from './holds.ts'

/** What every whole form has, and nothing that another filter could rest on. */
const anyWhole: Resource = {
  resourceType: 'AuditEvent',
  meta: { tag: [{ system: viewTagSystem, code: viewTag({}) }] },
}

/** Whether nothing of the trail is kept from whoever has this reach. */
export function seesAll(reach: ReachPlan): boolean {
  return reach.without.length === 0 && planHolds(anyWhole, { clauses: [], reach })
}
