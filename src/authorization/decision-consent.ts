/**
 * The Consent resource of a decision about an app: a permission without conditions for others, so that whoever enforces
 * Consents finds nothing in it to withhold. What was allowed stands in it to the letter, scope by scope.
 * @see FHIR R4, Consent; ADR 0030
 */
import { identifierSystems } from '../audit/fhir/codes.ts'
import { html } from '../http/html.ts'
import { keptTag } from '../smart/read-only.ts'
import type { Resource } from '../smart/resource.ts'
import { formatScope, type Letter, type ResourceScope, type Scope } from '../smart/scope.ts'
import type { Locale } from '../ui/locale.ts'
import { messages } from '../ui/messages.ts'
import type { Client } from './client.ts'
import type { UserGrant } from './grant.ts'
import { scopeWords } from './pages/scope-words.ts'

/** A decision, as it was made. */
export interface DecisionMade {
  /** An id for the Consent. */
  readonly consentId: string
  readonly client: Client
  readonly grant: UserGrant
  readonly granted: readonly Scope[]
  /** The person's language on the page. */
  readonly language: Locale
}

interface ConsentOf extends DecisionMade {
  /** Whose record it is about, a bare id. */
  readonly patient: string | undefined
  /** Milliseconds since 1970. */
  readonly standsUntil: number
}

const terminology = 'http://terminology.hl7.org/CodeSystem'
/** One for each scope that was allowed, as a `valueString`. */
export const scopeExtension = 'urn:chartkey:extension:granted-scope'

/** The resource of a decision made at the time of its grant. */
export function decisionConsent(decision: ConsentOf): Resource {
  const { consentId, client, grant, granted, patient, language } = decision
  return {
    resourceType: 'Consent',
    id: consentId,
    meta: { tag: [{ ...keptTag, display: 'Decision about an app, kept by the server' }] },
    language,
    text: narrative(decision),
    extension: granted.map((scope) => ({ url: scopeExtension, valueString: formatScope(scope) })),
    status: 'active',
    scope: { coding: [patient === undefined ? ownScope : privacy] },
    category: [{ coding: [informationAccess] }, { coding: [appDecision] }],
    ...(patient !== undefined && { patient: { reference: `Patient/${patient}` } }),
    dateTime: instant(grant.createdAt),
    performer: [performer(grant)],
    ...policies(client),
    policyRule: { coding: [optIn] },
    provision: provision(decision),
  }
}

const privacy = { system: `${terminology}/consentscope`, code: 'patient-privacy', display: 'Privacy Consent' }
/** R4 has a privacy Consent be about one patient; this one is about all records that its person may open. */
const ownScope = {
  system: 'urn:chartkey:consent-scope',
  code: 'app-access',
  display: 'An app’s access in the name of a person',
}
const informationAccess = {
  system: `${terminology}/v3-ActCode`,
  code: 'INFA',
  display: 'information access',
}
const appDecision = {
  system: 'urn:chartkey:consent-category',
  code: 'app-decision',
  display: 'Decision about an app',
}
const optIn = { system: `${terminology}/v3-ActCode`, code: 'OPTIN', display: 'opt-in' }
const recipient = {
  system: `${terminology}/v3-ParticipationType`,
  code: 'IRCP',
  display: 'information recipient',
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

/** Who decided: R4 has no place for a Person here, who is named by the account then. */
function performer({ fhirUser, userId, userName }: UserGrant): object {
  const isPerformer = /^(Patient|Practitioner|PractitionerRole|RelatedPerson)\//.test(fhirUser ?? '')
  return {
    ...(isPerformer
      ? { reference: fhirUser }
      : { identifier: { system: identifierSystems.account, value: userId } }),
    display: userName,
  }
}

/** What the person could read before they decided. */
function policies({ policyUri, tosUri }: Client): object {
  const uris = [policyUri, tosUri].filter((uri) => uri !== undefined && /^https?:\/\//i.test(uri))
  return uris.length > 0 ? { policy: uris.map((uri) => ({ uri })) } : {}
}

function provision({ client, grant, granted, standsUntil }: ConsentOf): object {
  const scopes = granted.filter((scope) => scope.kind === 'resource')
  const types = classesOf(scopes)
  return {
    type: 'permit',
    period: { start: instant(grant.createdAt), end: instant(standsUntil) },
    actor: [{ role: { coding: [recipient] }, reference: deviceOf(client) }],
    action: actionsOf(scopes).map((code) => ({
      coding: [{ system: `${terminology}/consentaction`, code }],
    })),
    ...(types.length > 0 && {
      class: types.map((code) => ({ system: 'http://hl7.org/fhir/resource-types', code })),
    }),
  }
}

/** The app is no record of its own: what it is now, its registration says. */
function deviceOf({ id, name }: Client): object {
  return { type: 'Device', identifier: { system: identifierSystems.client, value: id }, display: name }
}

/** The classes of data; none where everything is meant. */
function classesOf(scopes: readonly ResourceScope[]): string[] {
  const types = scopes.map(({ type }) => type)
  return types.includes('*') ? [] : [...new Set(types)]
}

const actions: Readonly<Record<Letter, string>> = {
  r: 'access',
  s: 'access',
  c: 'collect',
  u: 'correct',
  d: 'correct',
}

function actionsOf(scopes: readonly ResourceScope[]): string[] {
  return [...new Set(scopes.flatMap(({ letters }) => letters.map((letter) => actions[letter])))]
}

/** The words that the person saw. */
function narrative({ client, grant, granted, language }: ConsentOf): object {
  const words = messages(language).consent
  const said = granted.map((scope: Scope) => scopeWords(scope, words))
  const div = html`<div xmlns="http://www.w3.org/1999/xhtml"><p>${words.recorded(grant.userName, client.name)}</p><ul>${said.map(
    ({ short, notes }) => html`<li>${[short, ...notes].join(' – ')}</li>`,
  )}</ul></div>`
  return { status: 'generated', div: String(div) }
}
