/**
 * What an event was about: the patient, the data or the query, the request, and the decision with its reason.
 * @see IHE ITI BALP 1.1.4, entities
 */
import { Buffer } from 'node:buffer'
import { parseReference } from '../../smart/ids.ts'
import { concernedBy } from '../concerned.ts'
import type { AuditEvent } from '../event.ts'
import type { FhirAccess } from '../fhir-access.ts'
import { actorOf } from './agents.ts'
import { entityRoles, entityTypes, identifierSystems, resourceEntityType } from './codes.ts'
import type { Pattern } from './patterns.ts'
import type { Shown } from './people.ts'
import { requestText } from './shown-query.ts'
import type { View } from './view.ts'

/** The entities of an event. */
export function entitiesOf(event: AuditEvent, pattern: Pattern, view: View, shown: Shown): object[] {
  return [
    ...(view.patient === undefined ? concernedBy(event) : [view.patient]).map((id) => ({
      what: whatOf(`Patient/${id}`, view, shown),
      type: entityTypes.person,
      role: entityRoles.patient,
    })),
    ...(event.kind === 'fhir-access' ? accessed(event, pattern, view, shown) : []),
    ...('encounter' in event && event.encounter !== undefined && view.patient === undefined
      ? [dataEntity({ reference: `Encounter/${event.encounter}`, type: 'Encounter' })]
      : []),
    ...(event.kind === 'administration' ? [administered(event.about)] : []),
    ...('request' in event && event.request !== undefined ? [requestEntity(event.request)] : []),
    decisionEntity(event, view),
  ]
}

/** A patient is a reference in their own form, and an identifier in the whole one, which is thus in no compartment. */
function whatOf(reference: string, { patient }: View, { base }: Shown): object {
  const parsed = parseReference(reference)
  if (parsed?.type !== 'Patient') return { reference, ...(parsed && { type: parsed.type }) }
  if (parsed.id === patient) return { reference, type: 'Patient' }
  return { type: 'Patient', identifier: { system: `${base}/Patient`, value: parsed.id } }
}

function accessed(event: FhirAccess, pattern: Pattern, view: View, shown: Shown): object[] {
  if (pattern.about === 'data') return [dataEntity(dataOf(event, view, shown))]
  if (pattern.about === 'nothing') return []
  const text = requestText(event.asked, shown.base, view)
  const query = {
    type: entityTypes.system,
    role: entityRoles.query,
    description: text,
    query: Buffer.from(text).toString('base64'),
  }
  return [query, ...(view.patient === undefined ? results(event, view, shown) : [])]
}

/** Not of the type of the query, of which the profile allows one. */
function results({ resources }: FhirAccess, view: View, shown: Shown): object[] {
  return resources.map((reference) => ({
    what: whatOf(reference, view, shown),
    type: resourceEntityType(reference.split('/')[0] ?? ''),
    role: entityRoles.data,
  }))
}

function dataEntity(what: object) {
  return { what, type: entityTypes.system, role: entityRoles.data }
}

/**
 * The one resource. A patient is told its kind, and its name only when it is themself or their own side read it: the
 * name of a result that is withheld from them would tell that there is one.
 */
function dataOf(event: FhirAccess, view: View, shown: Shown): object {
  const { type = 'Resource', id, version } = event.asked
  const [written] = event.resources
  const whole =
    id === undefined ? written : `${type}/${id}${version === undefined ? '' : `/_history/${version}`}`
  if (whole === undefined || (view.patient !== undefined && !isTold(event, whole, view, shown)))
    return { type, display: type }
  return whatOf(whole, view, shown)
}

function isTold(event: FhirAccess, reference: string, { patient }: View, shown: Shown): boolean {
  const parsed = parseReference(reference)
  if (parsed?.type === 'Patient') return parsed.id === patient
  const actor = actorOf(event, shown) ?? ''
  return event.outcome === 'success' && (actor === `Patient/${patient}` || actor.startsWith('RelatedPerson/'))
}

function administered({ kind, id }: { kind: 'app' | 'account' | 'initial-token'; id: string }) {
  const system = { app: 'client', account: 'account', 'initial-token': 'initialToken' } as const
  return {
    what: { identifier: { system: identifierSystems[system[kind]], value: id } },
    type: entityTypes.system,
    role: entityRoles.security,
  }
}

function requestEntity(id: string) {
  return { what: { identifier: { value: id } }, type: entityTypes.request }
}

const decisions = { success: 'allowed', refused: 'refused', failed: 'not carried out' } as const

function decisionEntity(event: AuditEvent, view: View) {
  const details: Record<string, string | undefined> = {
    decision: decisions[event.outcome],
    rule: event.reason,
    ...(event.kind === 'fhir-access' && {
      status: String(event.status),
      interaction: event.asked.interaction,
      'resource-type': event.asked.type,
    }),
    ...(view.patient === undefined && wholeDetails(event)),
  }
  return {
    type: entityTypes.decision,
    detail: Object.entries(details).flatMap(([type, valueString]) =>
      valueString === undefined || valueString === '' ? [] : { type, valueString },
    ),
  }
}

function changeOf(event: AuditEvent): string | undefined {
  if (event.kind === 'administration') return event.detail
  return 'change' in event ? event.change : undefined
}

function wholeDetails(event: AuditEvent): Record<string, string | undefined> {
  return {
    'fhir-user': event.actor.fhirUser,
    grant: event.actor.grant,
    scope: 'scope' in event ? event.scope : undefined,
    'grant-type': 'grantType' in event ? event.grantType : undefined,
    act: event.kind === 'administration' ? event.act : undefined,
    'asked-by': 'by' in event ? event.by : undefined,
    method: 'method' in event ? event.method : undefined,
    change: changeOf(event),
    justification: 'justification' in event ? event.justification : undefined,
    'ends-at': 'endsAt' in event ? new Date(event.endsAt).toISOString() : undefined,
  }
}
