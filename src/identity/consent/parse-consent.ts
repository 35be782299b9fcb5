/**
 * Reads a Consent resource. What is not understood in a denial widens it, and in a permission voids it: a Consent may be
 * taken to withhold too much, never too little. @see FHIR R4, Consent
 */
import { resourceTypes } from '../../smart/compartment.r4.ts'
import type { Resource } from '../../smart/resource.ts'
import {
  type ConsentActor,
  type ConsentRule,
  type ConsentScope,
  denyAll,
  type Provision,
} from './consent-rule.ts'

type Element = Readonly<Record<string, unknown>>

const mostExceptions = 200
/** Characters of a rule: it is kept in memory, and looked at with every request of everybody. */
const longestRule = 64 * 1024
/** Other scopes (research, treatment, advance directives) say nothing on who may see the record. */
const otherScopes = new Set(['research', 'treatment', 'adr'])
const knownTypes: ReadonlySet<string> = new Set(resourceTypes)
const purposeSystem = 'http://terminology.hl7.org/CodeSystem/v3-ActReason'
const typeSystem = 'http://hl7.org/fhir/resource-types'
/** Members of a provision that narrow it and are understood; every other narrows it in a way that is not. */
const understood = new Set([
  'type',
  'period',
  'actor',
  'purpose',
  'class',
  'securityLabel',
  'provision',
  'id',
])

/** What a Consent says; nothing when it is not in force or not about privacy. */
export function parseConsent(consent: Resource): ConsentRule | undefined {
  if (consent.status !== 'active' || isAboutOtherThings(consent)) return undefined
  if (isModified(consent) || consent.implicitRules !== undefined) return denyAll
  const root = elementOf(consent.provision)
  const nested = elementsOf(root.provision)
  if (nested.length > mostExceptions) return denyAll
  const kind = kindOf(root, consent)
  if (kind === 'unclear') return denyAll
  const rule = { kind, scope: scopeOf(root, kind), exceptions: nested.map(exceptionOf) }
  return JSON.stringify(rule).length > longestRule ? denyAll : rule
}

function isAboutOtherThings({ scope }: Resource): boolean {
  const codes = elementsOf(elementOf(scope).coding).map(({ code }) => String(code))
  return codes.length > 0 && codes.every((code) => otherScopes.has(code))
}

/** The root may leave its type to the policy that the Consent is based on. */
function kindOf(root: Element, consent: Resource): 'deny' | 'permit' | 'unclear' {
  if (root.type === 'deny' || root.type === 'permit') return root.type
  const codes = elementsOf(elementOf(consent.policyRule).coding).map(({ code }) => code)
  if (root.type === undefined && codes.some((code) => code === 'OPTIN')) return 'permit'
  return 'unclear'
}

function exceptionOf(provision: Element): Provision {
  // A type that is not understood withholds; exceptions to exceptions are not looked at, so they give nothing.
  const kind = provision.type === 'permit' ? 'permit' : 'deny'
  const scope = scopeOf(provision, kind)
  const isDeep = elementsOf(provision.provision).length > 0
  return { kind, scope: isDeep ? { ...scope, isUnclear: true } : scope }
}

function scopeOf(provision: Element, kind: 'deny' | 'permit'): ConsentScope {
  const { start, end } = elementOf(provision.period)
  const types = elementsOf(provision.class).map(typeOf)
  const labels = elementsOf(provision.securityLabel).map((label) => labelOf(label, kind))
  const isWhole = types.every(isKnown) && labels.every(isKnown)
  return {
    ...(start !== undefined && { since: String(start) }),
    ...(end !== undefined && { until: String(end) }),
    actors: elementsOf(provision.actor).map(actorOf),
    purposes: elementsOf(provision.purpose).map(({ system, code }) =>
      system === purposeSystem && typeof code === 'string' ? code : undefined,
    ),
    // One of several that is not known may be any: the denial is then of all.
    types: types.every(isKnown) ? types : [],
    labels: labels.every(isKnown) ? labels.flat() : [],
    isUnclear: !isWhole || Object.keys(provision).some((name) => !isUnderstood(name, provision)),
    isModified: isModified(provision),
  }
}

/** To be about access is to be about what is asked here. */
function isUnderstood(name: string, provision: Element): boolean {
  if (name !== 'action') return understood.has(name)
  return elementsOf(provision.action).some(({ coding }) =>
    elementsOf(coding).some(({ code }) => code === 'access'),
  )
}

function isKnown<Value>(value: Value | undefined): value is Value {
  return value !== undefined
}

function typeOf({ system, code }: Element): string | undefined {
  return system === typeSystem && typeof code === 'string' && knownTypes.has(code) ? code : undefined
}

const confidentiality = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality'
const levels = ['U', 'L', 'M', 'N', 'R', 'V']
/** Nothing that would mean something else in a search. */
const plain = /^[^\s,|$\\&]+$/

/** A level of confidentiality is denied with those above it, and permitted with those below it. */
function labelOf({ system, code }: Element, kind: 'deny' | 'permit'): string[] | undefined {
  if (typeof system !== 'string' || typeof code !== 'string') return undefined
  if (!plain.test(system) || !plain.test(code)) return undefined
  const level = system === confidentiality ? levels.indexOf(code) : -1
  if (level < 0) return [`${system}|${code}`]
  const meant = kind === 'deny' ? levels.slice(level) : levels.slice(0, level + 1)
  return meant.map((each) => `${system}|${each}`)
}

/** Those who are one person or device; of others it is not known here who belongs to them. */
const persons = /^(Practitioner|Patient|RelatedPerson|Device)\/[A-Za-z0-9.-]{1,64}$/

function actorOf(actor: Element): ConsentActor {
  if (isModified(actor)) return { kind: 'unclear' }
  const named = elementOf(actor.reference)
  if (named.reference !== undefined)
    return persons.test(String(named.reference))
      ? { kind: 'reference', reference: String(named.reference) }
      : { kind: 'unclear' }
  const [coding] = elementsOf(elementOf(actor.role).coding)
  const isByRole = typeof coding?.code === 'string' && named.identifier === undefined
  return isByRole ? { kind: 'role', code: String(coding.code) } : { kind: 'unclear' }
}

function isModified(element: Element): boolean {
  return element.modifierExtension !== undefined
}

function elementOf(value: unknown): Element {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Element) : {}
}

function elementsOf(value: unknown): Element[] {
  return Array.isArray(value) ? value.map(elementOf) : value === undefined ? [] : [elementOf(value)]
}
