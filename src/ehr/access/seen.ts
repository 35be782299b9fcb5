/** An AuditEvent as a patient reads it: who, through which app, did what with which kind of data, and when. */
import { identifierSystems } from '../../audit/fhir/codes.ts'
import type { Resource } from '../../smart/resource.ts'
import { type Members, objectOf, objectsOf, textOf } from '../fhir/shape.ts'

/** What somebody did. */
export type Deed = 'looked' | 'added' | 'changed' | 'removed' | 'launched' | 'allowed' | 'emergency' | 'other'

export interface Seen {
  /** A FHIR instant. */
  readonly time: string
  /** The account, when it is told. */
  readonly account?: string
  /** The person's name; absent when nobody is named. */
  readonly who?: string
  /** The app; absent when it was done on the pages here. */
  readonly app?: string
  readonly deed: Deed
  /** The resource type; absent when it is about none. */
  readonly type?: string
  readonly outcome: 'allowed' | 'refused' | 'failed'
}

const rest: Readonly<Record<string, Deed>> = {
  C: 'added',
  D: 'removed',
  E: 'looked',
  R: 'looked',
  U: 'changed',
}
const others: Readonly<Record<string, Deed>> = {
  'launch-started': 'launched',
  authorize: 'allowed',
  'emergency-access': 'emergency',
}
const outcomes: Readonly<Record<string, Seen['outcome']>> = { '0': 'allowed', '8': 'refused' }

/** Reads an event about a patient; nothing when it is about another, or no AuditEvent. */
export function seenFrom(event: Resource, patient: string): Seen | undefined {
  const entities = objectsOf(event.entity)
  const isAbout = entities.some(({ what }) => objectOf(what)?.reference === `Patient/${patient}`)
  const time = textOf(event.recorded)
  if (event.resourceType !== 'AuditEvent' || !isAbout || time === undefined) return undefined
  const agents = objectsOf(event.agent)
  const person = agents.find(
    ({ requestor, who }) => requestor === true && systemOf(who) !== identifierSystems.client,
  )
  const account = identifierOf(person?.who)
  const who = textOf(person?.name) ?? textOf(objectOf(person?.who)?.display) ?? account
  const app = appOf(agents)
  const type = detailOf(entities, 'resource-type')
  return {
    time,
    deed: deedOf(event),
    outcome: outcomes[textOf(event.outcome) ?? ''] ?? 'failed',
    ...(account !== undefined && { account }),
    ...(who !== undefined && { who }),
    ...(app !== undefined && { app }),
    ...(type !== undefined && { type }),
  }
}

function deedOf({ type, action, subtype }: Resource): Deed {
  if (objectOf(type)?.code === 'rest') return rest[textOf(action) ?? ''] ?? 'other'
  const found = objectsOf(subtype).flatMap(({ code }) => others[textOf(code) ?? ''] ?? [])
  return found[0] ?? 'other'
}

function appOf(agents: readonly Members[]): string | undefined {
  const agent = agents.find(({ who }) => systemOf(who) === identifierSystems.client)
  return agent && (textOf(agent.name) ?? textOf(objectOf(agent.who)?.display) ?? identifierOf(agent.who))
}

function identifierOf(who: unknown): string | undefined {
  return textOf(objectOf(objectOf(who)?.identifier)?.value)
}

function systemOf(who: unknown): string | undefined {
  return textOf(objectOf(objectOf(who)?.identifier)?.system)
}

function detailOf(entities: readonly Members[], name: string): string | undefined {
  const details = entities.flatMap(({ detail }) => objectsOf(detail))
  return textOf(details.find(({ type }) => type === name)?.valueString)
}
