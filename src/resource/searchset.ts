/** Writes the Bundle of a search: matches, inclusions, remarks, and links that show what was asked and where it goes on. @see FHIR R4 search, search results */
import type { Resource } from '../smart/resource.ts'
import { elementsWanted, subset } from './elements.ts'
import type { Admitted } from './enforce.ts'
import { indented, parseExact, writeExact } from './exact-json.ts'
import { type AskedSearch, pageParameter } from './interactions/asked-search.ts'
import type { Permitted, Services } from './interactions/handler.ts'
import { fhirHeaders, outcome } from './outcomes.ts'
import type { FhirReply } from './request.ts'

/** The result of a search. */
export interface Searched {
  /** What was searched, such as `Observation` or `Patient/1/Observation`; empty for all types. */
  readonly place: string
  readonly asked: AskedSearch
  readonly matches: readonly Admitted[]
  readonly included: readonly Admitted[]
  /** Parameters that were passed over. */
  readonly ignored: readonly string[]
  readonly notes: readonly string[]
  /** All matches in reach; absent when they were not counted. */
  readonly total?: number
  readonly next?: string
}

/** The reply with the Bundle. */
export function searchsetReply(searched: Searched, permitted: Permitted, services: Services): FhirReply {
  const body = bundleText(searched, permitted, services)
  const pretty = permitted.preferences.pretty
  return {
    status: 200,
    headers: fhirHeaders,
    body: pretty ? indented(body) : body,
  }
}

/** Resources are kept as the JSON they are sent as: the Bundle is put together around their text. */
function bundleText(searched: Searched, permitted: Permitted, services: Services): string {
  const { total, matches, included, asked } = searched
  const head = JSON.stringify({
    resourceType: 'Bundle',
    type: 'searchset',
    ...(total !== undefined && { total }),
    link: links(searched, permitted, services),
  })
  const entries = [
    ...matches.map((stored) => entryText(stored, matchText(stored, asked), 'match', services)),
    ...included.map((stored) => entryText(stored, stored.json, 'include', services)),
    ...remarkTexts(searched),
  ]
  // A Bundle without entries has no such member: an empty list is not FHIR.
  return entries.length === 0 ? head : `${head.slice(0, -1)},"entry":[${entries.join(',')}]}`
}

function matchText(stored: Admitted, { parameters }: AskedSearch): string {
  const wanted = elementsWanted(parameters, stored.type)
  return wanted ? writeExact(subset(parseExact(stored.json) as Resource, wanted)) : stored.json
}

function entryText({ type, id }: Admitted, resource: string, mode: string, { base }: Services): string {
  return `{"fullUrl":${JSON.stringify(`${base}/${type}/${id}`)},"resource":${resource},"search":{"mode":"${mode}"}}`
}

function remarkTexts({ ignored, notes }: Searched): string[] {
  const remarks = [
    ...ignored.map((name) => `The parameter ${name} is not supported and was ignored.`),
    ...notes,
  ]
  if (remarks.length === 0) return []
  const resource = outcome(
    'warning',
    'not-supported',
    remarks.map((text) => ({ text })),
  )
  return [JSON.stringify({ resource, search: { mode: 'outcome' } })]
}

function links({ place, asked, ignored, total, next }: Searched, { caller }: Permitted, services: Services) {
  const { base, pageLinks } = services
  const address = place === '' ? base : `${base}/${place}`
  const self = { relation: 'self', url: urlOf(address, used(asked, ignored)) }
  if (next === undefined) return [self]
  const page = { of: place, parameters: asked.parameters, cursor: next }
  const token = pageLinks.seal(total === undefined ? page : { ...page, total }, caller)
  return [self, { relation: 'next', url: urlOf(address, [[pageParameter, token]]) }]
}

/** The parameters that had an effect; of a sort order, the keys that had one. */
function used({ parameters }: AskedSearch, ignored: readonly string[]): [string, string][] {
  const passedOver = new Set(ignored)
  return parameters.flatMap(([name, value]): [string, string][] => {
    if (value === '' || passedOver.has(name) || passedOver.has(`${name}=${value}`)) return []
    if (!name.startsWith('_sort')) return [[name, value]]
    const keys = value.split(',').filter((key) => !passedOver.has(`${name}=${key}`))
    return keys.length === 0 ? [] : [[name, keys.join(',')]]
  })
}

function urlOf(address: string, parameters: [string, string][]): string {
  return parameters.length === 0 ? address : `${address}?${new URLSearchParams(parameters)}`
}
