/**
 * Patients' active Consents, kept in memory and brought up to date when they are asked for and half a second has passed. Only
 * what changed is read again; everything is, now and then, because a deletion is not found by its change. Until it is
 * noticed, a deleted Consent goes on to withhold.
 */
import type { ConsentGroup, ConsentRule } from '../identity/consent/consent-rule.ts'
import { parseConsent } from '../identity/consent/parse-consent.ts'
import type { Consents } from '../identity/ports.ts'
import type { Repository, Stored } from '../resource/repository.ts'
import { parseReference } from '../smart/ids.ts'
import { keptToken } from '../smart/read-only.ts'
import type { Resource } from '../smart/resource.ts'
import { createUnjudgedSearch } from './unjudged-search.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
/** The rights that are made of them are believed for the other half of a second. */
const BELIEVED = 500
const READ_WHOLE_EVERY = 1 * MINUTE
/** What other nodes wrote may become visible after what was written later. */
const OVERLAP = 30 * SECOND
const mostConsents = 100_000

interface Known {
  readonly version: string
  /** Both absent when it withholds nothing. */
  readonly rule?: ConsentRule
  readonly patient?: string
}

/** The Consents of a repository. Asking rejects when they cannot be read whole: without them nobody knows what to withhold. */
export function createConsents(repository: Repository, base: string, now: () => number): Consents {
  const search = createUnjudgedSearch(repository, base, mostConsents)
  let known = new Map<string, Known>()
  let groups: readonly ConsentGroup[] = []
  let wholeAt = Number.NEGATIVE_INFINITY
  let askedAt = Number.NEGATIVE_INFINITY
  let running: Promise<void> | undefined

  async function load(): Promise<void> {
    const begun = now()
    const isWhole = begun - wholeAt >= READ_WHOLE_EVERY
    const since = new Date(askedAt - OVERLAP)
    const { found, isCut } = await search('Consent', [
      isWhole ? ['status', 'active'] : ['_lastUpdated', `ge${since.toISOString()}`],
      // There is one for each decision about an app, and none withholds anything; only this server marks them so.
      ['_tag:not', keptToken],
    ])
    if (isCut) throw new Error(`there are more than ${mostConsents} Consents`)
    const next = new Map(isWhole ? [] : known)
    for (const stored of found) next.set(stored.id, knownOf(stored, known.get(stored.id)))
    if (!isSame(next, known)) groups = groupsOf(next.values())
    known = next
    askedAt = begun
    if (isWhole) wholeAt = begun
  }

  return {
    async active() {
      if (now() - askedAt < BELIEVED) return groups
      running ??= load().finally(() => {
        running = undefined
      })
      await running
      return groups
    },
  }
}

function knownOf(stored: Stored, before: Known | undefined): Known {
  if (before?.version === stored.version) return before
  const { resource, version } = stored
  const rule = parseConsent(resource)
  const patient = patientOf(resource)
  return rule && patient !== undefined && !withholdsNothing(rule) ? { version, rule, patient } : { version }
}

function patientOf({ patient }: Resource): string | undefined {
  const reference = parseReference((patient as { reference?: unknown } | undefined)?.reference)
  return reference?.type === 'Patient' ? reference.id : undefined
}

/** Permissions without a denial give nothing that was not there. */
function withholdsNothing({ kind, exceptions }: ConsentRule): boolean {
  return kind === 'permit' && exceptions.every((one) => one.kind === 'permit')
}

function isSame(a: ReadonlyMap<string, Known>, b: ReadonlyMap<string, Known>): boolean {
  return a.size === b.size && [...a].every(([id, one]) => b.get(id) === one)
}

/** Patients whose Consents say the same are judged together: most follow a few forms. */
function groupsOf(all: Iterable<Known>): ConsentGroup[] {
  const byForm = new Map<string, { rule: ConsentRule; patients: Set<string> }>()
  for (const { rule, patient } of all) {
    if (!rule || patient === undefined) continue
    const form = JSON.stringify(rule)
    const group = byForm.get(form) ?? { rule, patients: new Set() }
    group.patients.add(patient)
    byForm.set(form, group)
  }
  return [...byForm.values()].map(({ rule, patients }) => ({ rule, patients: [...patients] }))
}
