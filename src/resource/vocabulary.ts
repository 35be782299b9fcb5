/**
 * Loads what the value sets and code systems stored here say, as far as one search names them (`:in`, `:not-in`,
 * `:above`, `:below`). Only what the caller may read of them counts: a set out of reach is told like one that is not there.
 * @see FHIR R4 search, token modifiers
 */

import type { Resource } from '../smart/resource.ts'
import { admit, reachFor } from './enforce.ts'
import type { Permitted, Services } from './interactions/handler.ts'
import { FhirError } from './outcomes.ts'
import type { Item } from './search/control.ts'
import { planSearch } from './search/plan-search.ts'
import { createVocabulary } from './search/terminology.ts'
import { splitValue, unescapeValue } from './search/values/escapes.ts'
import type { Vocabulary } from './search/vocabulary.ts'

/** More than one search could need. */
const most = 20
/** A canonical url may be stored in several versions; the newest is meant. */
const versionsLookedAt = '20'

/** The vocabulary of a search; nothing when it needs none. */
export async function loadVocabulary(
  parameters: readonly Item[],
  permitted: Permitted,
  services: Services,
): Promise<Vocabulary | undefined> {
  const named = new Map(parameters.flatMap(namedIn).map((one) => [`${one.type} ${one.name}`, one]))
  if (named.size === 0) return undefined
  if (named.size > most)
    throw new FhirError('parameter', { text: `More than ${most} value sets and code systems.` })
  const found: Resource[] = []
  for (const one of named.values()) {
    const resource = await loadOne(one, permitted, services)
    if (resource) found.push(resource)
  }
  return createVocabulary(found)
}

interface Named {
  readonly type: 'ValueSet' | 'CodeSystem'
  /** A canonical url, or a relative reference. */
  readonly name: string
}

/** The last modifier counts, wherever in a chain it stands. */
function namedIn([name, value]: Item): Named[] {
  const modifier = /:(in|not-in|above|below)$/.exec(name)?.[1]
  if (modifier === undefined) return []
  const values = splitValue(value, ',').slice(0, most + 1)
  if (modifier === 'in' || modifier === 'not-in')
    return values.map((one) => ({ type: 'ValueSet', name: unescapeValue(one) }))
  return values.flatMap((one): Named[] => {
    const [system, code] = splitValue(one, '|').map(unescapeValue)
    return system && code ? [{ type: 'CodeSystem', name: system }] : []
  })
}

async function loadOne(
  { type, name }: Named,
  { caller }: Permitted,
  { repository, matches, base }: Services,
): Promise<Resource | undefined> {
  const reach = reachFor(caller, 'r', type)
  const id = name.startsWith(`${type}/`) ? name.slice(type.length + 1) : undefined
  const [url = '', version] = name.split('|')
  const parameters: Item[] = [
    ...(id === undefined ? [['url', escaped(url)] as const] : [['_id', escaped(id)] as const]),
    ...(version ? [['version', escaped(version)] as const] : []),
    ['_sort', '-version,-_lastUpdated'],
    ['_count', versionsLookedAt],
    ['_total', 'none'],
  ]
  if (url === '' || id === '') return undefined
  const { plan } = planSearch({ type, parameters, reach, base, strict: true })
  const page = await repository.search(plan)
  return page.matches.find((stored) => admit(stored, reach, matches))?.resource
}

function escaped(text: string): string {
  return text.replace(/[\\,|$]/g, '\\$&')
}
