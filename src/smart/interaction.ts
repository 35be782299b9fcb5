/**
 * What a FHIR REST request asks, as a value: read from method, path, query and headers, or from a bundle entry.
 * A path that is not exactly one of the specification's forms is no interaction.
 * @see FHIR R4 http, summary of interactions
 */
import { resourceTypes } from './compartment.r4.ts'
import { isFhirId } from './ids.ts'
import { type OperationCall, operationUse } from './operations.ts'
import type { Resource } from './resource.ts'
import type { Letter } from './scope.ts'

export type Interaction =
  | { readonly kind: 'read'; readonly type: string; readonly id: string }
  | { readonly kind: 'vread'; readonly type: string; readonly id: string; readonly version: string }
  | { readonly kind: 'history-instance'; readonly type: string; readonly id: string; readonly query: string }
  | { readonly kind: 'history-type'; readonly type: string; readonly query: string }
  | { readonly kind: 'history-system'; readonly query: string }
  | { readonly kind: 'search-type'; readonly type: string; readonly query: string }
  | { readonly kind: 'search-system'; readonly query: string }
  | {
      readonly kind: 'search-compartment'
      /** Such as `Patient/123`. */
      readonly compartment: string
      readonly type: string
      readonly query: string
    }
  | { readonly kind: 'create'; readonly type: string; readonly ifNoneExist?: string }
  | { readonly kind: 'update'; readonly type: string; readonly id: string }
  | { readonly kind: 'conditional-update'; readonly type: string; readonly query: string }
  | { readonly kind: 'patch'; readonly type: string; readonly id: string }
  | { readonly kind: 'conditional-patch'; readonly type: string; readonly query: string }
  | { readonly kind: 'delete'; readonly type: string; readonly id: string }
  | { readonly kind: 'conditional-delete'; readonly type: string; readonly query: string }
  | { readonly kind: 'capabilities' }
  | { readonly kind: 'batch' }
  | { readonly kind: 'transaction' }
  | ({ readonly kind: 'operation' } & OperationCall)

export type InteractionKind = Interaction['kind']

/** A request as the grammar sees it. */
export interface InteractionRequest {
  readonly method: string
  /** Below the FHIR base, without leading slash, percent-encoding intact. */
  readonly path: string
  /** Without `?`. */
  readonly query?: string
  readonly ifNoneExist?: string
  /** For a POST to the base only: the parsed body, whose `type` tells batch from transaction. */
  readonly body?: unknown
}

const types = new Set(resourceTypes)
const compartmentTypes = new Set(['Patient', 'Encounter', 'Practitioner', 'RelatedPerson', 'Device'])
const operationName = /^\$[A-Za-z][A-Za-z0-9-]*$/

/** Whether `type` is a resource type of R4, in its exact spelling. */
export function isResourceType(type: string): boolean {
  return types.has(type)
}

/** Reads a request; nothing when method and path are together no interaction of FHIR R4. */
export function parseInteraction(request: InteractionRequest): Interaction | undefined {
  const segments = parseSegments(request.path)
  if (!segments) return undefined
  const [first] = segments
  if (first === undefined || !isResourceType(first)) return parseSystem(request, segments)
  return parseTyped(request, first, segments.slice(1))
}

/** What nearly every path is: nothing in it is encoded, or means anything but itself. */
const plainPath = /^[\w$.-]+(?:\/[\w$.-]+)*$/

/** Path segments, decoded; nothing when one is empty, or hides a slash or a control character. */
function parseSegments(path: string): string[] | undefined {
  if (path === '') return []
  if (plainPath.test(path)) return path.split('/')
  try {
    const segments = path.split('/').map(decodeURIComponent)
    return segments.every((segment) => /^[^/\\\p{Cc}]+$/u.test(segment)) ? segments : undefined
  } catch {
    return undefined
  }
}

function parseSystem(request: InteractionRequest, segments: readonly string[]): Interaction | undefined {
  const { method, query = '' } = request
  const [first = '', ...more] = segments
  if (more.length > 0) return undefined
  switch (`${method} ${first}`) {
    case 'GET ':
      return { kind: 'search-system', query }
    case 'POST _search':
      return { kind: 'search-system', query }
    case 'POST ':
      return parseWrapper(request.body)
    case 'GET metadata':
      return { kind: 'capabilities' }
    case 'GET _history':
      return { kind: 'history-system', query }
    default:
      return parseOperation(method, first)
  }
}

function parseWrapper(body: unknown): Interaction | undefined {
  const bundle = typeof body === 'object' && body !== null ? (body as Partial<Resource>) : {}
  if (bundle.resourceType !== 'Bundle') return undefined
  return bundle.type === 'batch' || bundle.type === 'transaction' ? { kind: bundle.type } : undefined
}

function parseOperation(method: string, name: string, type?: string, id?: string): Interaction | undefined {
  if (!operationName.test(name) || (method !== 'GET' && method !== 'POST')) return undefined
  return {
    kind: 'operation',
    name: name.slice(1),
    ...(type !== undefined && { type }),
    ...(id !== undefined && { id }),
  }
}

function parseTyped(
  request: InteractionRequest,
  type: string,
  rest: readonly string[],
): Interaction | undefined {
  const [second, third, fourth, ...more] = rest
  if (more.length > 0) return undefined
  if (second === undefined) return parseType(request, type)
  if (third === undefined && !isFhirId(second)) return parseTypeSuffix(request, type, second)
  if (!isFhirId(second)) return undefined
  if (third === undefined) return parseInstance(request, type, second)
  return parseInstanceSuffix(request, type, second, third, fourth)
}

function parseType(request: InteractionRequest, type: string): Interaction | undefined {
  const { method, query = '', ifNoneExist } = request
  switch (method) {
    case 'GET':
      return { kind: 'search-type', type, query }
    case 'POST':
      return ifNoneExist === undefined ? { kind: 'create', type } : { kind: 'create', type, ifNoneExist }
    case 'PUT':
      return { kind: 'conditional-update', type, query }
    case 'PATCH':
      return { kind: 'conditional-patch', type, query }
    case 'DELETE':
      return { kind: 'conditional-delete', type, query }
    default:
      return undefined
  }
}

function parseTypeSuffix(request: InteractionRequest, type: string, word: string): Interaction | undefined {
  const { method, query = '' } = request
  if (word === '_search') return method === 'POST' ? { kind: 'search-type', type, query } : undefined
  if (word === '_history') return method === 'GET' ? { kind: 'history-type', type, query } : undefined
  return parseOperation(method, word, type)
}

const instanceKinds = { GET: 'read', PUT: 'update', PATCH: 'patch', DELETE: 'delete' } as const

function parseInstance(request: InteractionRequest, type: string, id: string): Interaction | undefined {
  if (!Object.hasOwn(instanceKinds, request.method)) return undefined
  return { kind: instanceKinds[request.method as keyof typeof instanceKinds], type, id }
}

function parseInstanceSuffix(
  request: InteractionRequest,
  type: string,
  id: string,
  word: string,
  last: string | undefined,
): Interaction | undefined {
  const { method, query = '' } = request
  if (word === '_history') return method === 'GET' ? parseHistory(type, id, last, query) : undefined
  if (word.startsWith('$')) return last === undefined ? parseOperation(method, word, type, id) : undefined
  const isSearch = (method === 'GET' && last === undefined) || (method === 'POST' && last === '_search')
  if (!isSearch || !compartmentTypes.has(type) || !(word === '*' || isResourceType(word))) return undefined
  return { kind: 'search-compartment', compartment: `${type}/${id}`, type: word, query }
}

function parseHistory(
  type: string,
  id: string,
  version: string | undefined,
  query: string,
): Interaction | undefined {
  if (version === undefined) return { kind: 'history-instance', type, id, query }
  return isFhirId(version) ? { kind: 'vread', type, id, version } : undefined
}

/**
 * The letters an interaction needs, all of them; undefined for operations that nobody has mapped: they are refused.
 * Conditional ones also search. A conditional update that finds nothing creates, which is then decided by itself.
 * @see SMART App Launch 2.2, scopes for requesting FHIR resources
 */
export function lettersOf(interaction: Interaction): readonly Letter[] | undefined {
  if (interaction.kind === 'create' && interaction.ifNoneExist !== undefined) return ['c', 's']
  return interaction.kind === 'operation'
    ? operationUse(interaction)?.letters
    : lettersByKind[interaction.kind]
}

const lettersByKind: Readonly<Record<Exclude<InteractionKind, 'operation'>, readonly Letter[]>> = {
  read: ['r'],
  vread: ['r'],
  'history-instance': ['r'],
  'history-type': ['s'],
  'history-system': ['s'],
  'search-type': ['s'],
  'search-system': ['s'],
  'search-compartment': ['s'],
  create: ['c'],
  update: ['u'],
  'conditional-update': ['u', 's'],
  patch: ['u'],
  'conditional-patch': ['u', 's'],
  delete: ['d'],
  'conditional-delete': ['d', 's'],
  capabilities: [],
  batch: [],
  transaction: [],
}

/** One entry of a batch or transaction: what it asks, or nothing when it asks nothing that FHIR knows. */
export interface BundleEntry {
  readonly index: number
  readonly interaction: Interaction | undefined
  readonly resource: unknown
}

/** The interactions inside a batch or transaction: each is judged on its own. @see SMART App Launch 2.2, batches and transactions */
export function entriesOf(bundle: Resource): BundleEntry[] {
  const entries = Array.isArray(bundle.entry) ? (bundle.entry as unknown[]) : []
  return entries.map((entry, index) => ({
    index,
    interaction: parseEntry(member(entry, 'request')),
    resource: member(entry, 'resource'),
  }))
}

function parseEntry(request: unknown): Interaction | undefined {
  const method = member(request, 'method')
  const url = member(request, 'url')
  const ifNoneExist = member(request, 'ifNoneExist')
  if (typeof method !== 'string' || typeof url !== 'string') return undefined
  if (ifNoneExist !== undefined && typeof ifNoneExist !== 'string') return undefined
  const [path = '', ...query] = url.split('?')
  const interaction = parseInteraction({
    method: method === 'HEAD' ? 'GET' : method,
    path,
    query: query.join('?'),
    ...(ifNoneExist !== undefined && { ifNoneExist }),
  })
  // A wrapper inside a wrapper is no entry that FHIR knows.
  return interaction?.kind === 'batch' || interaction?.kind === 'transaction' ? undefined : interaction
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
