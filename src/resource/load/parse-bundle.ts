/** Takes a Bundle apart into entries. @see https://hl7.org/fhir/R4/bundle.html */
import { checkResource, isId, isObject, isResourceType } from './check-resource.ts'
import type { Batch, Entry, EntryRequest } from './entry.ts'
import { LoadRefused, type Place } from './refusal.ts'

const REQUESTS: ReadonlySet<unknown> = new Set(['transaction', 'batch'])
const COLLECTIONS: ReadonlySet<unknown> = new Set(['collection', 'searchset'])

/** The entries of a Bundle, those that only tell about a search left out; throws LoadRefused. */
export function parseBundle(bundle: Readonly<Record<string, unknown>>, place: Place): Batch {
  const { type, entry = [] } = bundle
  if (!REQUESTS.has(type) && !COLLECTIONS.has(type)) {
    throw new LoadRefused('Bundle.type must be transaction, batch, collection or searchset', place)
  }
  if (!Array.isArray(entry)) throw new LoadRefused('Bundle.entry is no list', place)
  return entry.flatMap(
    (one: unknown, at) => parseEntry(one, { ...place, entry: at + 1 }, REQUESTS.has(type)) ?? [],
  )
}

function parseEntry(entry: unknown, place: Place, requests: boolean): Entry | undefined {
  if (!isObject(entry)) throw new LoadRefused('an entry is a JSON object', place)
  if (isObject(entry.search) && entry.search.mode === 'outcome') return undefined
  const request = requests ? parseRequest(entry.request, place) : undefined
  const resource = checkResource(entry.resource, place)
  if (request && request.type !== resource.resourceType) {
    throw new LoadRefused(`a ${resource.resourceType} is sent to ${request.type}`, place)
  }
  if (request?.id !== undefined && resource.id !== undefined && request.id !== resource.id) {
    throw new LoadRefused(`PUT ${request.type}/${request.id} carries the id ${resource.id}`, place)
  }
  const { fullUrl } = entry
  return {
    place,
    resource,
    ...(typeof fullUrl === 'string' && fullUrl !== '' ? { fullUrl } : {}),
    ...(request ? { request } : {}),
  }
}

function parseRequest(request: unknown, place: Place): EntryRequest {
  if (!isObject(request)) throw new LoadRefused('request is missing', place)
  const { method, url, ifNoneExist } = request
  if (typeof url !== 'string') throw new LoadRefused('request.url is missing', place)
  const [path = '', condition] = split(url)
  const [type = '', id, ...rest] = path.split('/')
  if (!isResourceType(type) || rest.length > 0)
    throw new LoadRefused('request.url names no resource type of R4', place)
  if (method === 'POST') {
    if (id !== undefined || condition !== undefined)
      throw new LoadRefused('a POST goes to a resource type alone', place)
    return {
      method,
      type,
      ...(typeof ifNoneExist === 'string' && ifNoneExist !== '' ? { condition: ifNoneExist } : {}),
    }
  }
  if (method !== 'PUT')
    throw new LoadRefused('request.method must be POST or PUT: an import neither reads nor deletes', place)
  if (id !== undefined && isId(id) && condition === undefined) return { method, type, id }
  if (id !== undefined || !condition) throw new LoadRefused('a PUT goes to Type/id or Type?search', place)
  return { method, type, condition }
}

function split(url: string): string[] {
  const at = url.indexOf('?')
  return at < 0 ? [url] : [url.slice(0, at), url.slice(at + 1)]
}
