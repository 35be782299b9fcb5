/**
 * Whose trail an event belongs to: the patients whose records were shown, changed or aimed at, or else the patient who
 * acted. What a patient, or who acts for one, asked for in vain is in no trail of theirs, only in the administrators':
 * it would tell them whether what they asked for is withheld from them or absent.
 */
import { isFhirId, parseReference, type Reference } from '../smart/ids.ts'
import type { AuditEvent } from './event.ts'

/** The ids of the patients an event concerns, each once. */
export function concernedBy(event: AuditEvent): string[] {
  const actor = parseReference(event.actor.fhirUser)
  const isAccess = event.kind === 'fhir-access'
  const touched = 'patients' in event ? event.patients.filter(isFhirId) : []
  if (isAccess && event.outcome === 'refused') return refusedTo(actor, touched)
  if (touched.length > 0) return [...new Set(touched)]
  if (isAccess && event.outcome !== 'success') return []
  return actor?.type === 'Patient' ? [actor.id] : []
}

/** Those whose record somebody else was refused; whose side a related person is on, the event does not say. */
function refusedTo(actor: Reference | undefined, touched: readonly string[]): string[] {
  if (actor?.type === 'RelatedPerson') return []
  return [...new Set(touched)].filter((id) => actor?.type !== 'Patient' || id !== actor.id)
}
