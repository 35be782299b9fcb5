/**
 * Which pattern an event follows: type, subtype, action, and who takes which part. The tables name every interaction and
 * every kind of event; what an older or newer database holds beside them is told by its own name.
 * @see IHE ITI BALP 1.1.4, RESTful activities
 */
import type { InteractionKind } from '../../smart/interaction.ts'
import type { AuditEvent } from '../event.ts'
import {
  agentTypes,
  type Coding,
  eventSubtypes,
  eventTypes,
  interactionSubtype,
  ownSubtype,
} from './codes.ts'

/** The parts that client, server and user take in one form of activity. */
interface Parts {
  readonly client: Coding
  readonly server: Coding
  readonly user: Coding
}

export interface Pattern {
  readonly type: Coding
  readonly subtypes: readonly Coding[]
  readonly action: 'C' | 'R' | 'U' | 'D' | 'E'
  readonly parts: Parts
  /** What was asked for: one resource, or a query. */
  readonly about: 'data' | 'query' | 'nothing'
  /** The name of the profile, of which there is one more with `Patient` before it. */
  readonly profile?: 'Query' | 'Read' | 'Create' | 'Update' | 'Delete'
  /** The profile of deletions lets nothing but the participants be told. */
  readonly bare?: true
}

const { source, destination, application, custodian, authorizer, recipient, author } = agentTypes
const asking: Parts = { client: source, server: destination, user: recipient }
const reading: Parts = { client: destination, server: source, user: recipient }
const writing: Parts = { client: source, server: destination, user: author }
const deleting: Parts = { client: application, server: custodian, user: author }
const authorizing: Parts = { client: application, server: authorizer, user: recipient }

type Form = Pick<Pattern, 'action' | 'parts' | 'about' | 'profile' | 'bare'>

const query: Form = { action: 'E', parts: asking, about: 'query', profile: 'Query' }
const past: Form = { action: 'E', parts: asking, about: 'query' }
const read: Form = { action: 'R', parts: reading, about: 'data', profile: 'Read' }
const create: Form = { action: 'C', parts: writing, about: 'data', profile: 'Create' }
const update: Form = { action: 'U', parts: writing, about: 'data', profile: 'Update' }
const remove: Form = { action: 'D', parts: deleting, about: 'data', profile: 'Delete', bare: true }
const wrapper: Form = { action: 'E', parts: writing, about: 'nothing' }

const interactions: Readonly<Record<InteractionKind, Form & { readonly code: string }>> = {
  read: { ...read, code: 'read' },
  vread: { ...read, code: 'vread' },
  'history-instance': { ...past, code: 'history-instance' },
  'history-type': { ...past, code: 'history-type' },
  'history-system': { ...past, code: 'history-system' },
  'search-type': { ...query, code: 'search-type' },
  'search-system': { ...query, code: 'search-system' },
  // R4 has no code of its own for it.
  'search-compartment': { ...query, code: 'search' },
  create: { ...create, code: 'create' },
  update: { ...update, code: 'update' },
  'conditional-update': { ...update, code: 'update' },
  patch: { ...update, code: 'patch' },
  'conditional-patch': { ...update, code: 'patch' },
  delete: { ...remove, code: 'delete' },
  'conditional-delete': { ...remove, code: 'delete' },
  capabilities: { ...past, code: 'capabilities' },
  batch: { ...wrapper, code: 'batch' },
  transaction: { ...wrapper, code: 'transaction' },
  operation: { ...past, code: 'operation' },
}

type OtherKind = Exclude<AuditEvent['kind'], 'fhir-access'>

const { alert, authentication } = eventTypes
const { accessToken, attributes, configuration, emergency, login, logout, roles, start } = eventSubtypes

const others: Readonly<Record<OtherKind, { readonly type: Coding; readonly subtype?: Coding }>> = {
  'sign-in': { type: authentication, subtype: login },
  'sign-out': { type: authentication, subtype: logout },
  'account-security': { type: alert, subtype: attributes },
  'launch-started': { type: eventTypes.application, subtype: start },
  authorize: { type: alert, subtype: roles },
  token: { type: authentication, subtype: accessToken },
  'refresh-reuse': { type: alert },
  'code-reuse': { type: alert },
  'token-revoked': { type: alert, subtype: roles },
  'grant-revoked': { type: alert, subtype: roles },
  'emergency-access': { type: alert, subtype: emergency },
  'identity-linked': { type: alert, subtype: roles },
  'identity-unlinked': { type: alert, subtype: roles },
  'claims-applied': { type: alert, subtype: roles },
  'invitation-made': { type: alert, subtype: roles },
  'invitation-withdrawn': { type: alert, subtype: roles },
  'client-registered': { type: alert, subtype: configuration },
  'registration-refused': { type: alert, subtype: configuration },
  introspection: { type: authentication, subtype: accessToken },
  'keys-changed': { type: alert, subtype: configuration },
  administration: { type: alert, subtype: configuration },
  'administration-refused': { type: alert, subtype: configuration },
}

/** The pattern of an event. */
export function patternOf(event: AuditEvent): Pattern {
  return event.kind === 'fhir-access' ? interactionPattern(event.asked.interaction) : otherPattern(event.kind)
}

function interactionPattern(name: string): Pattern {
  if (!Object.hasOwn(interactions, name))
    return { type: eventTypes.rest, subtypes: [ownSubtype(name)], ...past, about: 'nothing' }
  const { code, ...form } = interactions[name as InteractionKind]
  return { type: eventTypes.rest, subtypes: [interactionSubtype(code)], ...form }
}

function otherPattern(kind: OtherKind): Pattern {
  const { type, subtype } = Object.hasOwn(others, kind) ? others[kind] : { type: alert }
  return {
    type,
    subtypes: [...(subtype ? [subtype] : []), ownSubtype(kind)],
    action: 'E',
    parts: authorizing,
    about: 'nothing',
  }
}
