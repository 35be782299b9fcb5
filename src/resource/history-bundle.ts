/** Writes the Bundle of a history: each version with the request that made it, and a link to where it goes on. @see FHIR R4 http, history */
import { indented } from './exact-json.ts'
import type { AskedHistory } from './interactions/asked-history.ts'
import { pageParameter } from './interactions/asked-search.ts'
import type { Permitted, Services } from './interactions/handler.ts'
import type { Told } from './interactions/told-versions.ts'
import { fhirHeaders } from './outcomes.ts'
import { etag } from './preconditions.ts'
import type { HistoryPosition } from './repository.ts'
import type { FhirReply } from './request.ts'

/** A page of a history. */
export interface History {
  /** Of what, such as `Observation/_history`. */
  readonly place: string
  readonly asked: AskedHistory
  readonly told: readonly Told[]
  readonly next?: HistoryPosition
}

/** The reply with the Bundle. */
export function historyReply(history: History, permitted: Permitted, services: Services): FhirReply {
  const head = JSON.stringify({
    resourceType: 'Bundle',
    type: 'history',
    link: links(history, permitted, services),
  })
  const entries = history.told.map((told) => entryText(told, services.base))
  const body = entries.length === 0 ? head : `${head.slice(0, -1)},"entry":[${entries.join(',')}]}`
  const pretty = permitted.preferences.pretty
  return {
    status: 200,
    headers: fhirHeaders,
    body: pretty ? indented(body) : body,
  }
}

/** Versions are kept as the JSON they are sent as: the entry is put together around their text. */
function entryText({ version: stored }: Told, base: string): string {
  const { type, id, version, lastUpdated, deleted, json } = stored
  const fullUrl = JSON.stringify(`${base}/${type}/${id}`)
  const [request, status] = madeBy(type, id, version, deleted)
  const response = JSON.stringify({ status, etag: etag(version), lastModified: lastUpdated })
  const resource = deleted ? '' : `"resource":${json},`
  return `{"fullUrl":${fullUrl},${resource}"request":${JSON.stringify(request)},"response":${response}}`
}

/** The first version came by POST, as far as anybody can tell now. */
function madeBy(type: string, id: string, version: string, deleted: boolean) {
  if (deleted) return [{ method: 'DELETE', url: `${type}/${id}` }, '204'] as const
  return version === '1'
    ? ([{ method: 'POST', url: type }, '201'] as const)
    : ([{ method: 'PUT', url: `${type}/${id}` }, '200'] as const)
}

function links({ place, asked, next }: History, { caller }: Permitted, { base, pageLinks }: Services) {
  const address = `${base}/${place}`
  const self = { relation: 'self', url: urlOf(address, asked.parameters) }
  if (!next) return [self]
  const token = pageLinks.seal(
    { of: place, parameters: asked.parameters, cursor: JSON.stringify(next) },
    caller,
  )
  return [self, { relation: 'next', url: urlOf(address, [[pageParameter, token]]) }]
}

function urlOf(address: string, parameters: AskedHistory['parameters']): string {
  const query = String(
    new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value])),
  )
  return query === '' ? address : `${address}?${query}`
}
