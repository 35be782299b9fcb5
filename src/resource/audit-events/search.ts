/**
 * Searches the audit trail, newest first: candidates by the trail's own index, each judged in memory like any resource.
 * The work of one request is bounded: a search that finds little gives a short page and a link to go on.
 */

import type { TrailPlace } from '../../audit/reader.ts'
import { FhirError } from '../outcomes.ts'
import type { SearchPage } from '../repository.ts'
import type { SearchPlan } from '../search/plan.ts'
import { candidates } from './candidates.ts'
import type { AuditEventDeps } from './deps.ts'
import type { Form } from './forms.ts'
import { planHolds } from './holds.ts'
import { cursorAfter, cursorBehind } from './place.ts'

const mostCharacters = 16 * 1024 * 1024

/** A page of the forms that a plan asks for. The total is told when all were looked at for the first page. */
export async function searchTrail(plan: SearchPlan, deps: AuditEventDeps): Promise<SearchPage> {
  const found: Form[] = []
  let characters = 0
  let last: Form | undefined
  for await (const candidate of candidates(plan, deps)) {
    if ('behind' in candidate) return pageOf(found, plan, nextOf(candidate.behind, last, plan))
    last = candidate
    if (!planHolds(last.stored.resource, plan)) continue
    characters += last.stored.json.length
    const isFull = plan.count > 0 && (found.length >= plan.count || characters > mostCharacters)
    const end = found.at(-1)
    if (isFull && end) return pageOf(found, plan, cursorAfter(end, plan))
    found.push(last)
  }
  return pageOf(found, plan)
}

/** Behind a whole record, or in the middle of one. */
function nextOf(
  behind: TrailPlace | undefined,
  last: Form | undefined,
  plan: SearchPlan,
): string | undefined {
  return behind ? cursorBehind(behind, plan) : last && cursorAfter(last, plan)
}

function pageOf(found: readonly Form[], plan: SearchPlan, next?: string): SearchPage {
  // Only a count was asked for, and it would cost too much to find out.
  if (plan.count === 0 && next !== undefined)
    throw new FhirError('tooCostly', {
      text: 'The audit trail is too long to be counted: narrow the search by patient or date.',
    })
  return {
    matches: plan.count === 0 ? [] : found.map(({ stored }) => stored),
    ...(next !== undefined && { next }),
    ...(plan.total && next === undefined && !plan.after && { total: found.length }),
  }
}
