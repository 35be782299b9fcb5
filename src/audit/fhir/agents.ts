/**
 * Who took part: app, server and person. In a patient's form nobody is named who is a patient themselves and was refused,
 * and no address but the patient's own is told. @see IHE ITI BALP 1.1.4, agents
 */
import { parseReference } from '../../smart/ids.ts'
import type { AuditEvent } from '../event.ts'
import { agentTypes, type Coding, identifierSystems } from './codes.ts'
import type { Pattern } from './patterns.ts'
import type { Shown } from './people.ts'
import type { View } from './view.ts'

const serverName = 'Chartkey'
const networkTypes = { address: '2', uri: '5' }
const concept = (...coding: Coding[]) => ({ coding })

/** The agents of an event. */
export function agentsOf(event: AuditEvent, pattern: Pattern, view: View, shown: Shown): object[] {
  const user = userAgent(event, pattern, view, shown)
  return [
    clientAgent(event, pattern, view, shown, user === undefined),
    {
      type: concept(pattern.parts.server),
      who: serverIdentity(shown.base),
      requestor: false,
      network: { address: shown.base, type: networkTypes.uri },
    },
    ...(user ? [user] : []),
  ]
}

/** This server, as agents and the source of events name it. */
export function serverIdentity(base: string) {
  return { identifier: { system: 'urn:ietf:rfc:3986', value: base }, display: serverName }
}

/** Without an app it is the server's own pages through which somebody acts. */
function clientAgent(event: AuditEvent, pattern: Pattern, view: View, shown: Shown, requestor: boolean) {
  const { client, address, token } = event.actor
  const name = client === undefined ? undefined : shown.people.app(client)
  return {
    type: concept(pattern.parts.client),
    who:
      client === undefined
        ? serverIdentity(shown.base)
        : {
            identifier: { system: identifierSystems.client, value: client },
            ...(name !== undefined && { display: name }),
          },
    ...(name !== undefined && !pattern.bare && { name }),
    requestor,
    network: networkOf(
      view,
      actorOf(event, shown),
      address ?? (client === undefined ? shown.base : undefined),
    ),
    ...(requestor && policyOf(pattern, view, token)),
  }
}

function networkOf({ patient }: View, fhirUser: string | undefined, address: string | undefined) {
  const own = patient === undefined || fhirUser === `Patient/${patient}`
  if (address === undefined || !own) return { address: address === undefined ? 'unknown' : 'not shown' }
  return { address, type: /^https?:/.test(address) ? networkTypes.uri : networkTypes.address }
}

/** The record of the person who acted, as the event or else the account says it. */
export function actorOf({ actor }: AuditEvent, { people }: Shown): string | undefined {
  const { user, fhirUser } = actor
  return fhirUser ?? (user === undefined ? undefined : people.person(user)?.fhirUser)
}

function userAgent(event: AuditEvent, pattern: Pattern, view: View, shown: Shown): object | undefined {
  const { user, token } = event.actor
  const fhirUser = actorOf(event, shown)
  const typed = event.kind === 'sign-in' ? event.name : undefined
  const account = user ?? typed
  if (account === undefined && fhirUser === undefined) return undefined
  const type = concept(pattern.parts.user, ...(token === undefined ? [] : [agentTypes.byToken]))
  if (isUnnamed(event, fhirUser, view)) return { type, who: { display: 'Not named here' }, requestor: true }
  const name = user === undefined ? undefined : shown.people.person(user)?.name
  return {
    type,
    who: {
      ...personIdentity(fhirUser, view),
      ...(account !== undefined && { identifier: { system: identifierSystems.account, value: account } }),
      ...(name !== undefined && { display: name }),
    },
    ...(name !== undefined && { name }),
    requestor: true,
    ...policyOf(pattern, view, token),
  }
}

/** A patient is named as a reference in their own form only: elsewhere it would put the event into their compartment. */
function personIdentity(fhirUser: string | undefined, { patient }: View): object {
  const type = parseReference(fhirUser)?.type
  if (fhirUser === undefined || type === undefined) return {}
  return type !== 'Patient' || fhirUser === `Patient/${patient}` ? { reference: fhirUser, type } : { type }
}

/** Of an attempt that came to nothing a patient learns which member of staff it was, but not which other patient. */
function isUnnamed(event: AuditEvent, fhirUser: string | undefined, { patient }: View): boolean {
  if (patient === undefined || event.outcome === 'success' || fhirUser === `Patient/${patient}`) return false
  return !/^Practitioner(Role)?\//.test(fhirUser ?? '')
}

/** The access token by its id; only the whole form tells it. */
function policyOf(pattern: Pattern, view: View, token: string | undefined): object {
  if (token === undefined || pattern.bare || view.patient !== undefined) return {}
  return { policy: [`urn:ietf:params:oauth:jti:${encodeURIComponent(token)}`] }
}
