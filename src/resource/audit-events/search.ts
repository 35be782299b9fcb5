/**
 * Searches the audit trail, newest first: candidates by the trail's own index, each judged in memory like any resource.
 * The work of one request is bounded: a search that finds little gives a short page and a link to go on.
 */

import { setImmediate as nextTurn } from 'node:timers/promises'
import { parseViewId } from '../../audit/fhir/view.ts'
import type { KeptRecord, TrailQuery, TrailReader } from '../../audit/reader.ts'
import { FhirError } from '../outcomes.ts'
import type { SearchPage } from '../repository.ts'
import type { SearchPlan } from '../search/plan.ts'
import { type Form, formsOf, loadPeople, type Names } from './forms.ts'
import { planHolds } from './holds.ts'
import { cursorAfter, firstAfter, placeOf } from './place.ts'
import { prefilter } from './prefilter.ts'

/** What audit events are served from. */
export interface AuditEventDeps {
  readonly trail: TrailReader
  readonly names: Names
  /** The FHIR base URL, without a trailing slash. */
  readonly base: string
}

const recordsAtOnce = 200
const mostRecords = 5000
/** One record may concern thousands of patients, and has as many forms. */
const mostFormsLooked = 10_000
const mostIds = 200
const mostCharacters = 16 * 1024 * 1024

/** A page of the forms that a plan asks for. The total is told when all were looked at for the first page. */
export async function searchTrail(plan: SearchPlan, deps: AuditEventDeps): Promise<SearchPage> {
  const found: Form[] = []
  let characters = 0
  let last: Form | undefined
  for await (const form of candidates(plan, deps)) {
    if (form === 'more') return pageOf(found, plan, last)
    if (!planHolds(form.stored.resource, plan)) {
      last = form
      continue
    }
    characters += form.stored.json.length
    const isFull = plan.count > 0 && (found.length >= plan.count || characters > mostCharacters)
    if (isFull && found.length > 0) return pageOf(found, plan, found.at(-1))
    found.push(form)
    last = form
  }
  return pageOf(found, plan)
}

function pageOf(found: readonly Form[], plan: SearchPlan, last?: Form): SearchPage {
  // Only a count was asked for, and it would cost too much to find out.
  if (plan.count === 0 && last)
    throw new FhirError('tooCostly', {
      text: 'The audit trail is too long to be counted: narrow the search by patient or date.',
    })
  return {
    matches: plan.count === 0 ? [] : found.map(({ stored }) => stored),
    ...(last && { next: cursorAfter(last, plan) }),
    ...(plan.total && !last && !plan.after && { total: found.length }),
  }
}

/** All forms in order, and `more` when the work of one request is done before the trail's end. */
async function* candidates(plan: SearchPlan, deps: AuditEventDeps): AsyncGenerator<Form | 'more'> {
  const newestFirst = isNewestFirst(plan)
  const place = plan.after && (await placeOf(plan.after, deps.trail))
  if (plan.reach.within.length === 0 || (plan.after && !place)) return
  const query = { ...prefilter(plan), newestFirst, limit: recordsAtOnce }
  const patients = query.patients && new Set(query.patients)
  let [records, forms] = [0, 0]
  for await (const some of batches(plan, query, place, deps)) {
    const people = await loadPeople(some, deps.names)
    const making = { base: deps.base, people, ...(patients && { patients }) }
    for (const record of some)
      for (const form of formsOf(record, { ...making, first: firstAfter(record, place) })) {
        yield form
        if (++forms >= mostFormsLooked) yield 'more'
      }
    records += some.length
    if (records >= mostRecords) yield 'more'
    // Other people's requests are waiting, too.
    await nextTurn()
  }
}

async function* batches(
  plan: SearchPlan,
  query: TrailQuery,
  place: TrailQuery['start'],
  { trail }: AuditEventDeps,
): AsyncGenerator<KeptRecord[]> {
  const ids = idsWanted(plan)
  if (ids) {
    yield await byIds(ids, query, place, trail)
    return
  }
  let start = place
  while (query.patients === undefined || query.patients.length > 0) {
    const records = await trail.read({ ...query, ...(start && { start }) })
    // The place itself is read again: forms of its record may be left.
    const [first] = records
    yield first?.seq === start?.seq && start !== place ? records.slice(1) : records
    if (records.length < query.limit) return
    start = records.at(-1)
  }
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
  { newestFirst }: TrailQuery,
  place: TrailQuery['start'],
  trail: TrailReader,
): Promise<KeptRecord[]> {
  const found = await Promise.all(ids.map((seq) => trail.find(seq)))
  const direction = newestFirst ? -1 : 1
  const order = (a: KeptRecord, b: NonNullable<typeof place>) =>
    direction * (a.time - b.time || a.seq - b.seq)
  return found
    .filter((record) => record !== undefined)
    .filter((record) => place === undefined || order(record, place) >= 0)
    .sort(order)
}

const timeCodes = new Set(['date', '_lastUpdated'])

function isNewestFirst({ sort }: SearchPlan): boolean {
  const [first, ...rest] = sort
  if (rest.length > 0 || (first && !timeCodes.has(first.parameter.code)))
    throw new FhirError('parameter', { text: '_sort: audit events are sorted by date or -date only.' })
  return first?.descending ?? true
}
