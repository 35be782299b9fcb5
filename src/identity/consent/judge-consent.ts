/** What patients' Consents withhold from one person, as slices. */

import { resourceTypes } from '../../smart/compartment.r4.ts'
import { isCompartmentType } from '../../smart/compartment.ts'
import type { FilterItem } from '../../smart/filter.ts'
import { type Capacity, isPurposeWithin, type Role } from '../../smart/policy.ts'
import { linkedTypes, recordsOf } from '../../smart/record.ts'
import { intersect, type Slice } from '../../smart/slice.ts'
import { isAheadAt, isOverAt } from '../period.ts'
import type { ConsentActor, ConsentGroup, ConsentRule, ConsentScope } from './consent-rule.ts'

/** Somebody in one of their capacities. */
export interface Judged {
  /** Every FHIR record that is this person; empty when none is known. */
  readonly references: readonly string[]
  /** The ids of the patients that this person is: their own Consents are not meant for them. */
  readonly own: readonly string[]
  readonly capacity: Capacity
}

/**
 * Slices that all Consents of one patient may come to. Each is asked about with every request of everybody, so who says
 * more is taken to deny everything: too much is withheld, never too little.
 */
const mostOfOne = 100

/** The slices that these Consents withhold from somebody at `now`. */
export function consentsAgainst(groups: readonly ConsentGroup[], judged: Judged, now: number): Slice[] {
  const denials = groups.flatMap(({ rule, patients }): Denial[] => {
    const what = deniedBy(rule, judged, now)
    const others = patients.some((id) => judged.own.includes(id))
      ? patients.filter((id) => !judged.own.includes(id))
      : patients
    return what.length === 0 ? [] : [{ what, patients: others }]
  })
  return together(bounded(denials)).flatMap(({ what, patients }) => intersect(what, recordsOf(patients)))
}

/** What is withheld of the records of some patients. */
interface Denial {
  readonly what: readonly Slice[]
  readonly patients: readonly string[]
}

const everything: Slice = { type: '*', compartments: [], filter: [] }

function bounded(denials: readonly Denial[]): readonly Denial[] {
  const counts = new Map<string, number>()
  for (const { what, patients } of denials)
    for (const id of patients) counts.set(id, (counts.get(id) ?? 0) + what.length)
  const over = new Set([...counts].flatMap(([id, count]) => (count > mostOfOne ? id : [])))
  if (over.size === 0) return denials
  const rest = denials.map(({ what, patients }) => ({
    what,
    patients: patients.filter((id) => !over.has(id)),
  }))
  return [...rest, { what: [everything], patients: [...over] }]
}

/** Consents that differ in their time, or in what does not concern this person, may deny the same. */
function together(denials: readonly Denial[]): readonly Denial[] {
  const alike = Map.groupBy(denials, ({ what }) => JSON.stringify(what)).values()
  return [...alike].map((some) => {
    const [first, ...more] = some
    if (first && more.length === 0) return first
    return { what: first?.what ?? [], patients: [...new Set(some.flatMap(({ patients }) => patients))] }
  })
}

/** Whether something holds; nothing when it cannot be told. */
type Truth = boolean | undefined

function deniedBy(rule: ConsentRule, judged: Judged, now: number): Slice[] {
  const { kind, scope, exceptions } = rule
  if (isInTime(scope, now) === false) return []
  const denials = exceptions.filter((one) => one.kind === 'deny' && isMeant(one.scope, judged, now) !== false)
  const denied = denials.flatMap((one) => slicesOf(one.scope, []))
  if (kind === 'permit' || isMeant(scope, judged, now) === false) return denied
  const permitted = exceptions.filter(
    (one) => one.kind === 'permit' && !one.scope.isUnclear && isMeant(one.scope, judged, now) === true,
  )
  const permissions = permitted.map((one) => one.scope)
  return [...denied, ...slicesOf(scope, permissions)]
}

function isMeant(scope: ConsentScope, { references, capacity }: Judged, now: number): Truth {
  if (scope.isModified) return undefined
  return allOf([
    isInTime(scope, now),
    anyOf(scope.actors.map((actor) => isActor(actor, references, capacity))),
    anyOf(scope.purposes.map((purpose) => isPurpose(purpose, capacity))),
  ])
}

function allOf(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false
  return truths.includes(undefined) ? undefined : true
}

/** Of nothing asked, all are meant. */
function anyOf(truths: readonly Truth[]): Truth {
  if (truths.length === 0 || truths.includes(true)) return true
  return truths.includes(undefined) ? undefined : false
}

function isInTime({ since, until }: ConsentScope, now: number): Truth {
  const isReadable = [since, until].every((date) => date === undefined || !Number.isNaN(Date.parse(date)))
  if (!isReadable) return undefined
  return !isAheadAt(since, now) && !isOverAt(until, now)
}

/** The roles of HL7 v3 that say what somebody is to the patient; any other means whoever receives information. */
const rolesOfCodes: Readonly<Record<string, Role>> = {
  PROV: 'clinician',
  PRF: 'clinician',
  ASSIGNED: 'clinician',
  GUARD: 'related-person',
  PRS: 'related-person',
  NOK: 'related-person',
  PAT: 'patient',
  clinician: 'clinician',
  'related-person': 'related-person',
  administrator: 'administrator',
  system: 'system',
}

function isActor(actor: ConsentActor, references: readonly string[], { role }: Capacity): Truth {
  if (actor.kind === 'unclear') return undefined
  if (actor.kind === 'reference') {
    if (references.includes(actor.reference)) return true
    return references.length === 0 ? undefined : false
  }
  const meant = Object.hasOwn(rolesOfCodes, actor.code) ? rolesOfCodes[actor.code] : undefined
  return meant === undefined ? undefined : meant === role
}

function isPurpose(purpose: string | undefined, capacity: Capacity): Truth {
  if (purpose === undefined || capacity.purpose === undefined) return undefined
  return isPurposeWithin(capacity.purpose, purpose)
}

/** Types that can be in a record at all. */
const recordTypes = resourceTypes.filter(
  (type) => isCompartmentType(type) || Object.hasOwn(linkedTypes, type),
)

/** What a denial is about, less what is permitted of it. */
function slicesOf(scope: ConsentScope, permissions: readonly ConsentScope[]): Slice[] {
  const { types, labels } = scope.isModified ? { types: [], labels: [] } : scope
  const denied = labels.length > 0 ? [{ parameter: '_security', value: labels.join(',') }] : []
  const isSplit = permissions.some((permission) => permission.types.length > 0)
  const concerned = types.length > 0 ? types : isSplit ? recordTypes : ['*']
  return concerned.flatMap((type) => {
    const permitted = permissions.filter((one) => one.types.length === 0 || one.types.includes(type))
    if (permitted.some((one) => one.labels.length === 0)) return []
    const kept: FilterItem[] = permitted.map((one) => ({
      parameter: '_security:not',
      value: one.labels.join(','),
    }))
    return { type, compartments: [], filter: [...denied, ...kept] }
  })
}
