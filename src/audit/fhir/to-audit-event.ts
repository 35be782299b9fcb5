/** One form of one record as a FHIR AuditEvent. @see FHIR R4 AuditEvent; IHE ITI BALP 1.1.4 */
import type { Resource } from '../../smart/resource.ts'
import type { Outcome } from '../actor.ts'
import type { AuditRecord } from '../trail.ts'
import { agentsOf, serverIdentity } from './agents.ts'
import { breakTheGlass, profileOf, sourceTypes } from './codes.ts'
import { entitiesOf } from './entities.ts'
import { type Pattern, patternOf } from './patterns.ts'
import type { Shown } from './people.ts'
import { type View, viewId, viewTag, viewTagSystem } from './view.ts'

/** Success, serious failure, minor failure. @see http://hl7.org/fhir/audit-event-outcome */
export const outcomeCodes: Readonly<Record<Outcome, string>> = { success: '0', refused: '8', failed: '4' }
const descriptions: Readonly<Record<Outcome, string>> = {
  success: 'Allowed',
  refused: 'Refused',
  failed: 'Not carried out',
}

/** The resource for a record with its place in the trail; the same input gives the same resource. */
export function toAuditEvent(seq: number, record: AuditRecord, view: View, shown: Shown): Resource {
  const { time, event } = record
  const pattern = patternOf(event)
  const recorded = new Date(time).toISOString()
  const profile = event.outcome === 'success' ? profileFor(pattern, view) : undefined
  return {
    resourceType: 'AuditEvent',
    id: viewId(seq, view),
    meta: {
      versionId: '1',
      lastUpdated: recorded,
      ...(profile !== undefined && { profile: [profile] }),
      tag: [{ system: viewTagSystem, code: viewTag(view) }],
    },
    type: pattern.type,
    subtype: pattern.subtypes,
    action: pattern.action,
    recorded,
    outcome: outcomeCodes[event.outcome],
    outcomeDesc: `${descriptions[event.outcome]}${event.reason ? `: ${event.reason}` : ''}`,
    ...(event.kind === 'emergency-access' && { purposeOfEvent: [{ coding: [breakTheGlass] }] }),
    agent: agentsOf(event, pattern, view, shown),
    source: { site: shown.base, observer: serverIdentity(shown.base), type: [sourceTypes.application] },
    entity: entitiesOf(event, pattern, view, shown),
  }
}

/** The profiles are for what succeeded; a whole form may concern several patients, so it follows the general one. */
function profileFor({ profile }: Pattern, { patient }: View): string | undefined {
  return profile && profileOf(patient === undefined ? profile : `Patient${profile}`)
}
