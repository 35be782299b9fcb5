/**
 * Reads what a search asks: the parameters of URL and form together, each of which narrows, or the page that a sealed
 * link names. What comes beside such a link is not looked at: the link says it all.
 */
import { checkFormType } from '../negotiate.ts'
import { FhirError } from '../outcomes.ts'
import type { Permitted, Services } from './handler.ts'

/** A parameter: name and value. */
export type Pair = readonly [string, string]

/** A search as it was asked, and the place to go on from when it is not the first page. */
export interface AskedSearch {
  readonly parameters: readonly Pair[]
  readonly cursor?: string
  readonly total?: number
}

/** The parameter of page links; no search parameter has this name. */
export const pageParameter = '_page'

/** Characters of a form: thousands of ids fit, and reading it costs next to nothing. */
const longestForm = 256 * 1024

/** Parameters about the form of the reply alone: they are read before, and no page depends on them. */
const formNames = new Set(['_format', '_pretty'])

/** Reads the search at `place`, such as `Observation` or `Patient/1/Observation`. */
export function parseSearch(place: string, permitted: Permitted, services: Services): AskedSearch {
  const pairs = [...permitted.parameters, ...parseForm(permitted)].filter(([name]) => !formNames.has(name))
  const link = pairs.find(([name]) => name === pageParameter)?.[1]
  return link === undefined ? { parameters: pairs } : openPage(link, place, permitted, services)
}

function parseForm({ request }: Permitted): Pair[] {
  // A GET has no form, whatever its body says.
  if (request.method !== 'POST') return []
  checkFormType(request)
  if (request.body.length > longestForm) throw new FhirError('tooLarge')
  return [...new URLSearchParams(request.body)]
}

function openPage(link: string, place: string, { caller }: Permitted, { pageLinks }: Services): AskedSearch {
  const page = pageLinks.open(link, caller)
  if (!page || page.of !== place) throw new FhirError('page')
  const { parameters, cursor, total } = page
  return total === undefined ? { parameters, cursor } : { parameters, cursor, total }
}
