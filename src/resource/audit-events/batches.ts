/** The records that a search may have to look at, a bounded number at a time: by their ids, by what they mention, or one after another. */
import { parseViewId } from '../../audit/fhir/view.ts'
import type { KeptRecord, Scanned, TrailPlace, TrailQuery, TrailReader } from '../../audit/reader.ts'
import { FhirError } from '../outcomes.ts'
import type { SearchPlan } from '../search/plan.ts'
import type { Bounds } from './bounds.ts'
import type { AuditEventDeps } from './deps.ts'
import { mentionsOf } from './mentions.ts'

/** Some records in order, the last place that was looked at unless that was the end, and how many were scanned for them. */
export interface Batch extends Scanned {
  readonly scanned: number
}

/** What is to be looked at. */
export interface Wanted {
  readonly plan: SearchPlan
  readonly patients: TrailQuery['patients']
  readonly times: Pick<TrailQuery, 'from' | 'to'>
  /** From here on; forms of its record may be left. */
  readonly place: TrailPlace | undefined
  /** Whether records may be passed by for what they do not mention. */
  readonly isOpen: boolean
  readonly bounds: Bounds
}

const mostIds = 200
const timeCodes = new Set(['date', '_lastUpdated'])

/** The records in batches, until the trail's end. */
export async function* batches(wanted: Wanted, { trail, base }: AuditEventDeps): AsyncGenerator<Batch> {
  const { plan, patients, times, place, isOpen, bounds } = wanted
  const newestFirst = isNewestFirst(plan)
  const ids = idsWanted(plan)
  if (ids) {
    yield { records: await byIds(ids, newestFirst, place, trail), scanned: 0 }
    return
  }
  if (patients?.length === 0) return
  const mentions = isOpen && !patients ? mentionsOf(plan.clauses, base) : []
  const query = { ...times, newestFirst, limit: bounds.readAtOnce }
  const next = (start: Pick<TrailQuery, 'start'>): Promise<Scanned> =>
    mentions.length > 0
      ? trail.scan({ ...query, ...start, mentions, most: bounds.scannedAtOnce })
      : readOn({ ...query, ...start, ...(patients && { patients }) }, trail)
  const scanned = mentions.length > 0 ? bounds.scannedAtOnce : 0
  for (let start = place; ; ) {
    const { records, reached } = await next(start ? { start } : {})
    // The place itself is looked at again.
    const isSeen = start !== place && records[0]?.seq === start?.seq
    yield { records: isSeen ? records.slice(1) : records, scanned, ...(reached && { reached }) }
    if (!reached) return
    start = reached
  }
}

async function readOn(query: TrailQuery, trail: TrailReader): Promise<Scanned> {
  const records = await trail.read(query)
  const last = records.at(-1)
  return { records, ...(last && records.length === query.limit && { reached: last }) }
}

function idsWanted({ clauses }: SearchPlan): readonly number[] | undefined {
  const asked = clauses.find((clause) => clause.kind === 'value' && clause.values === 'id' && !clause.negated)
  if (asked?.kind !== 'value') return undefined
  const ids = asked.any.flatMap((condition) =>
    condition.kind === 'id' ? (parseViewId(condition.id) ?? []) : [],
  )
  if (ids.length > mostIds)
    throw new FhirError('parameter', { text: `_id: more than ${mostIds} alternatives.` })
  return [...new Set(ids)]
}

async function byIds(
  ids: readonly number[],
  newestFirst: boolean,
  place: TrailPlace | undefined,
  trail: TrailReader,
): Promise<KeptRecord[]> {
  const found = await Promise.all(ids.map((seq) => trail.find(seq)))
  const direction = newestFirst ? -1 : 1
  const order = (a: KeptRecord, b: TrailPlace) => direction * (a.time - b.time || a.seq - b.seq)
  return found
    .filter((record) => record !== undefined)
    .filter((record) => place === undefined || order(record, place) >= 0)
    .sort(order)
}

function isNewestFirst({ sort }: SearchPlan): boolean {
  const [first, ...rest] = sort
  if (rest.length > 0 || (first && !timeCodes.has(first.parameter.code)))
    throw new FhirError('parameter', { text: '_sort: audit events are sorted by date or -date only.' })
  return first?.descending ?? true
}
