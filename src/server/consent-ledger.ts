/**
 * What patients' Consents withhold, as it is kept in memory: by Consent, and with a bound for each patient, who write their
 * own. Who goes beyond it is taken to deny everything: too much is withheld, never too little, and of nobody else.
 */
import { type ConsentGroup, type ConsentRule, denyAll } from '../identity/consent/consent-rule.ts'
import { parseConsent } from '../identity/consent/parse-consent.ts'
import type { Stored } from '../resource/repository.ts'
import { parseReference } from '../smart/ids.ts'
import type { Resource } from '../smart/resource.ts'

/** Consents of one patient that withhold something, and the characters of what they say. */
const mostOfOne = 100
const longestOfOne = 256 * 1024

/** What one Consent withholds. */
interface Known {
  readonly version: string
  readonly rule: ConsentRule
  readonly patient: string
}

/** What all Consents of a patient come to. */
interface Size {
  readonly count: number
  readonly length: number
}

interface Held {
  readonly byId: ReadonlyMap<string, Known>
  readonly sizes: ReadonlyMap<string, Size>
  /** Patients who have said more than is kept. */
  readonly over: ReadonlySet<string>
}

/** What is known of all Consents. */
export interface Ledger extends Held {
  /** Takes up the newest version of one, of which `last` may know what it says. */
  take(stored: Stored, last: Held): void
  isLike(other: Held): boolean
  groups(): readonly ConsentGroup[]
}

/** A ledger that begins with what was known before; without that, with nothing. */
export function createLedger(before?: Held): Ledger {
  const byId = new Map<string, Known>(before?.byId)
  const sizes = new Map<string, Size>(before?.sizes)
  const over = new Set<string>(before?.over)

  function drop(id: string): void {
    const found = byId.get(id)
    const size = found && sizes.get(found.patient)
    if (!found || !size) return
    byId.delete(id)
    const { count, length } = size
    if (count === 1) sizes.delete(found.patient)
    else sizes.set(found.patient, { count: count - 1, length: length - lengthOf(found.rule) })
  }

  function put(id: string, one: Known): void {
    const { patient, rule } = one
    if (over.has(patient)) return
    const { count, length } = sizes.get(patient) ?? { count: 0, length: 0 }
    const size = { count: count + 1, length: length + lengthOf(rule) }
    if (size.count > mostOfOne || size.length > longestOfOne) over.add(patient)
    else {
      sizes.set(patient, size)
      byId.set(id, one)
    }
  }

  return {
    byId,
    sizes,
    over,
    take(stored, last) {
      const one = knownOf(stored, last.byId.get(stored.id))
      drop(stored.id)
      if (one) put(stored.id, one)
    },
    isLike: (other) => isSame(byId, other.byId) && over.size === other.over.size && hasAll(other.over, over),
    groups: () => groupsOf(byId.values(), over),
  }
}

/** What a Consent withholds; nothing where it does not, or is not in force. */
function knownOf({ resource, version }: Stored, before: Known | undefined): Known | undefined {
  if (before?.version === version) return before
  const rule = parseConsent(resource)
  const patient = patientOf(resource)
  return rule && patient !== undefined && !withholdsNothing(rule) ? { version, rule, patient } : undefined
}

function patientOf({ patient }: Resource): string | undefined {
  const reference = parseReference((patient as { reference?: unknown } | undefined)?.reference)
  return reference?.type === 'Patient' ? reference.id : undefined
}

/** Permissions without a denial give nothing that was not there. */
function withholdsNothing({ kind, exceptions }: ConsentRule): boolean {
  return kind === 'permit' && exceptions.every((one) => one.kind === 'permit')
}

function lengthOf(rule: ConsentRule): number {
  return JSON.stringify(rule).length
}

function hasAll(set: ReadonlySet<string>, items: Iterable<string>): boolean {
  return [...items].every((item) => set.has(item))
}

function isSame(a: ReadonlyMap<string, Known>, b: ReadonlyMap<string, Known>): boolean {
  return a.size === b.size && [...a].every(([id, one]) => b.get(id) === one)
}

/** Patients whose Consents say the same are judged together: most follow a few forms. */
function groupsOf(all: Iterable<Known>, over: ReadonlySet<string>): ConsentGroup[] {
  const byForm = new Map<string, { rule: ConsentRule; patients: Set<string> }>()
  function add(rule: ConsentRule, patient: string): void {
    const form = JSON.stringify(rule)
    const group = byForm.get(form) ?? { rule, patients: new Set() }
    group.patients.add(patient)
    byForm.set(form, group)
  }
  for (const { rule, patient } of all) if (!over.has(patient)) add(rule, patient)
  for (const patient of over) add(denyAll, patient)
  return [...byForm.values()].map(({ rule, patients }) => ({ rule, patients: [...patients] }))
}
