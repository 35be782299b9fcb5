/**
 * Who sees the audit trail: administrators see every record whole, and no patient's data by it; everybody else sees the
 * records about patients whose data they may see, in the form made for one patient.
 */
import type { Right } from '../smart/decision.ts'
import type { Slice } from '../smart/slice.ts'
import type { Account } from './account.ts'

/** The whole form of each record, by its tag. */
const whole: Slice = {
  type: 'AuditEvent',
  compartments: [],
  filter: [{ parameter: '_tag', value: 'urn:chartkey:audit|whole' }],
}

/** What an account may see of the trail by its role. */
export function auditRights({ roles }: Account): Right[] {
  return roles.includes('admin') ? [{ letters: ['r', 's'], slice: whole }] : []
}

/** What of the trail an account may not see, whatever else it may. */
export function auditWithheld({ roles }: Account): Slice[] {
  return roles.includes('admin') ? [] : [whole]
}
