/**
 * Patients' active Consents, kept in memory and brought up to date when they are asked for and half a second has passed. Only
 * what changed is read again; everything is, now and then, because a deletion is not found by its change. Until it is
 * noticed, a deleted Consent goes on to withhold. Patients write their own: what is kept of one has a bound, and who goes
 * beyond it is taken to deny everything, so that nobody can have it fail for everybody.
 */
import type { ConsentGroup } from '../identity/consent/consent-rule.ts'
import type { Consents } from '../identity/ports.ts'
import type { Repository } from '../resource/repository.ts'
import { keptToken } from '../smart/read-only.ts'
import { createLedger } from './consent-ledger.ts'
import { readPages } from './unjudged-search.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
/** The rights that are made of them are believed for the other half of a second. */
const BELIEVED = 500
const READ_WHOLE_EVERY = 1 * MINUTE
/** To read everything takes no more than one part of so many of the time. */
const WHOLE_SHARE = 20
/** What other nodes wrote may become visible after what was written later. */
const OVERLAP = 30 * SECOND

/** The Consents of a repository. Asking rejects when they cannot be read whole: without them nobody knows what to withhold. */
export function createConsents(repository: Repository, base: string, now: () => number): Consents {
  let known = createLedger()
  let groups: readonly ConsentGroup[] = []
  let wholeAt = Number.NEGATIVE_INFINITY
  let wholeTook = 0
  let askedAt = Number.NEGATIVE_INFINITY
  let running: Promise<void> | undefined

  function isWholeDue(at: number): boolean {
    // A clock that was set back says nothing of what was written since.
    if (at < askedAt) return true
    return at - wholeAt >= Math.max(READ_WHOLE_EVERY, wholeTook * WHOLE_SHARE)
  }

  async function load(): Promise<void> {
    const begun = now()
    const isWhole = isWholeDue(begun)
    const since = new Date(askedAt - OVERLAP)
    const next = createLedger(isWhole ? undefined : known)
    const pages = readPages(repository, base, 'Consent', [
      isWhole ? ['status', 'active'] : ['_lastUpdated', `ge${since.toISOString()}`],
      // There is one for each decision about an app, and none withholds anything; only this server marks them so.
      ['_tag:not', keptToken],
    ])
    for await (const page of pages) for (const stored of page) next.take(stored, known)
    if (!next.isLike(known)) groups = next.groups()
    known = next
    askedAt = begun
    if (!isWhole) return
    wholeAt = begun
    wholeTook = now() - begun
  }

  return {
    async active() {
      const age = now() - askedAt
      if (age >= 0 && age < BELIEVED) return groups
      running ??= load().finally(() => {
        running = undefined
      })
      await running
      return groups
    },
  }
}
