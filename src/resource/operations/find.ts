/**
 * Searches that operations make: narrowed by a reach before they run, every match checked against it after. What is out
 * of reach is not found and not counted (SCOPE-17, SCOPE-20).
 */
import { setImmediate } from 'node:timers/promises'
import type { Reach } from '../../smart/slice.ts'
import { type Admitted, admit } from '../enforce.ts'
import type { Services } from '../interactions/handler.ts'
import { FhirError } from '../outcomes.ts'
import type { SearchPlan } from '../search/plan.ts'
import { planSearch } from '../search/plan-search.ts'
import { SearchError } from '../search/search-error.ts'

/** What is looked for, and within which reach. */
export interface Question {
  readonly type: string
  readonly parameters: readonly (readonly [string, string])[]
  readonly reach: Reach
}

/** A piece of a result. */
export interface Found {
  readonly matches: readonly Admitted[]
  /** Where to go on; absent at the end. */
  readonly next?: string
}

/** One page of a result, from its beginning or from a cursor. */
export async function findPage(
  question: Question,
  count: number,
  services: Services,
  cursor?: string,
): Promise<Found> {
  const controls = [
    ['_count', String(count)],
    ['_total', 'none'],
  ] as const
  const page = await services.repository.search(planOf(question, controls, services, cursor))
  const matches = page.matches.flatMap((stored) => admit(stored, question.reach, services.matches) ?? [])
  const dropped = page.matches.length - matches.length
  // The query was narrowed already: query and check disagree, which is our fault.
  if (dropped > 0)
    services.log.error({ dropped, type: question.type }, 'an operation found what is out of reach')
  return page.next === undefined ? { matches } : { matches, next: page.next }
}

/** All of a result, a page at a time; other requests have their turn in between. */
export async function* findAll(
  question: Question,
  pageSize: number,
  services: Services,
): AsyncGenerator<readonly Admitted[]> {
  let cursor: string | undefined
  do {
    const page = await findPage(question, pageSize, services, cursor)
    yield page.matches
    cursor = page.next
    await setImmediate()
  } while (cursor !== undefined)
}

/** How many there are in reach. */
export async function countOf(question: Question, services: Services): Promise<number> {
  const page = await services.repository.search(planOf(question, [['_summary', 'count']], services))
  return page.total ?? 0
}

function planOf(
  { type, parameters, reach }: Question,
  controls: readonly (readonly [string, string])[],
  { base }: Services,
  cursor?: string,
): SearchPlan {
  try {
    const continued = cursor === undefined ? {} : { cursor }
    return planSearch({
      type,
      parameters: [...parameters, ...controls],
      reach,
      base,
      strict: true,
      ...continued,
    }).plan
  } catch (error) {
    if (!(error instanceof SearchError)) throw error
    throw new FhirError('parameter', { text: `${error.parameter}: ${error.text}.` })
  }
}
