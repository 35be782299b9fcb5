/**
 * The forms that a search has to judge, in order. For whoever sees all of the trail, records are passed by before their
 * forms are made: by the store those that do not mention what is asked for, here those of other kinds and actors.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { TrailPlace } from '../../audit/reader.ts'
import type { SearchPlan } from '../search/plan.ts'
import { type Batch, batches } from './batches.ts'
import { type Bounds, usualBounds } from './bounds.ts'
import type { AuditEventDeps } from './deps.ts'
import { type Form, formsOf, meetPeople } from './forms.ts'
import { firstAfter, placeOf } from './place.ts'
import { prefilter } from './prefilter.ts'
import { seesAll } from './sees-all.ts'
import { createSieve, type Sieve } from './sieve.ts'

/** The work of one request is done: behind this record, or in the middle of that of the last form. */
export interface More {
  readonly behind: TrailPlace | undefined
}

/** All forms in order, and {@link More} when the work of one request is done before the trail's end. */
export async function* candidates(plan: SearchPlan, deps: AuditEventDeps): AsyncGenerator<Form | More> {
  const place = plan.after && (await placeOf(plan.after, deps.trail))
  if (plan.reach.within.length === 0 || (plan.after && !place)) return
  const { base, bounds = usualBounds } = deps
  const { patients, ...times } = prefilter(plan)
  const { people, meet } = meetPeople(deps.names)
  const shown = { base, people, ...(patients && { patients: new Set(patients) }) }
  const isOpen = seesAll(plan.reach)
  const isWanted: Sieve = isOpen ? createSieve(plan.clauses, shown) : () => true
  let [done, judged, forms] = [0, 0, 0]
  for await (const batch of batches({ plan, patients, times, place, isOpen, bounds }, deps)) {
    await meet(batch.records)
    for (const record of batch.records.filter(({ event }) => isWanted(event))) {
      for (const form of formsOf(record, { ...shown, first: firstAfter(record, place) })) {
        yield form
        if (++forms >= bounds.forms) yield { behind: undefined }
      }
      if (++judged >= bounds.judged) yield { behind: record }
    }
    done += shareOf(batch, bounds)
    if (done >= 1 && batch.reached) yield { behind: batch.reached }
    // Other people's requests are waiting, too.
    await nextTurn()
  }
}

/** The part of what one request may do that went into a batch. */
function shareOf({ records, scanned }: Batch, bounds: Bounds): number {
  return records.length / bounds.read + scanned / bounds.scanned
}
