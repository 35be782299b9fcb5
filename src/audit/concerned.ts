/**
 * Whose trail an event belongs to: the patients whose records were shown, changed or aimed at, or else the patient who
 * acted. What a patient asked for in vain is in nobody's trail but the administrators': it would tell the patient
 * whether what they asked for is hidden or absent.
 */
import { isFhirId, parseReference } from '../smart/ids.ts'
import type { AuditEvent } from './event.ts'

/** The ids of the patients an event concerns, each once. */
export function concernedBy(event: AuditEvent): string[] {
  const touched = 'patients' in event ? event.patients.filter(isFhirId) : []
  if (touched.length > 0) return [...new Set(touched)]
  if (event.kind === 'fhir-access' && event.outcome !== 'success') return []
  const actor = parseReference(event.actor.fhirUser)
  return actor?.type === 'Patient' ? [actor.id] : []
}
