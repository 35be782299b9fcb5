/** Reads what a history asks: how many versions and of which time, or the page that a sealed link names. @see FHIR R4 http, history */
import { FhirError } from '../outcomes.ts'
import type { HistoryPosition, HistoryQuery } from '../repository.ts'
import { parseInstant } from '../search/values/instant.ts'
import { type Pair, pageParameter } from './asked-search.ts'
import type { Permitted, Services } from './handler.ts'

/** A history as it was asked. */
export interface AskedHistory {
  readonly parameters: readonly Pair[]
  readonly query: Pick<HistoryQuery, 'count' | 'since' | 'at' | 'before'>
}

const defaultCount = 50
const largestCount = 1000

const formNames = new Set(['_format', '_pretty'])
const names = new Set(['_count', '_since', '_at'])

/** Reads the history at `place`, such as `Observation/_history`. */
export function parseHistory(place: string, permitted: Permitted, services: Services): AskedHistory {
  const pairs = [...permitted.parameters].filter(([name, value]) => !formNames.has(name) && value !== '')
  const link = pairs.find(([name]) => name === pageParameter)?.[1]
  if (link !== undefined) return openPage(link, place, permitted, services)
  const parameters = pairs.filter(([name]) => names.has(name))
  const unknown = pairs.find(([name]) => !names.has(name))?.[0]
  if (unknown !== undefined && permitted.preferences.strict)
    throw new FhirError('parameter', { text: `${unknown}: a history has no such parameter.` })
  return { parameters, query: queryOf(parameters) }
}

function queryOf(parameters: readonly Pair[]): AskedHistory['query'] {
  const first = (name: string) => parameters.find(([key]) => key === name)?.[1]
  const since = first('_since')
  const at = first('_at')
  return {
    count: parseCount(first('_count')),
    ...(since !== undefined && { since: parseTime('_since', since).low }),
    ...(at !== undefined && { at: parseTime('_at', at) }),
  }
}

function parseCount(value: string | undefined): number {
  if (value === undefined) return defaultCount
  if (!/^[1-9]\d{0,8}$/.test(value))
    throw new FhirError('parameter', { text: '_count: expected a number from 1.' })
  return Math.min(Number(value), largestCount)
}

function parseTime(name: string, value: string) {
  const range = parseInstant(value)
  if (!range) throw new FhirError('parameter', { text: `${name}: expected a date or an instant.` })
  return range
}

function openPage(link: string, place: string, { caller }: Permitted, { pageLinks }: Services): AskedHistory {
  const page = pageLinks.open(link, caller)
  if (!page || page.of !== place) throw new FhirError('page')
  const before = JSON.parse(page.cursor) as HistoryPosition
  return { parameters: page.parameters, query: { ...queryOf(page.parameters), before } }
}
