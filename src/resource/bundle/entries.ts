/**
 * Takes a batch or transaction apart: each entry becomes a request of its own. The number of entries is bounded; what an
 * entry asks is looked at one by one. @see FHIR R4 http, batch and transaction; Bundle.entry.request
 */
import { type BundleEntry, entriesOf, type Interaction } from '../../smart/interaction.ts'
import type { Resource } from '../../smart/resource.ts'
import { parseWrapper } from '../body.ts'
import { writeExact } from '../exact-json.ts'
import { checkBodyType } from '../negotiate.ts'
import { FhirError } from '../outcomes.ts'
import { jsonPatchType } from '../patch/parse-patch.ts'
import type { FhirRequest } from '../request.ts'
import { type BundleLimits, checkAmount, checkQuestions } from './limits.ts'

/** An entry that asks something. */
export interface Entry {
  /** From 0. */
  readonly index: number
  readonly asked: Interaction
  readonly fullUrl?: string
  /** What is to be written; of a patch that is the patch. */
  readonly resource?: Resource
  /** The request without a body: see {@link requestOf}. */
  readonly request: FhirRequest
}

/** An entry that asks nothing that FHIR knows. */
export interface Unknown {
  readonly index: number
  readonly asked?: never
}

/** The entries of the Bundle in the body. */
export function parseEntries(wrapper: FhirRequest, limits: BundleLimits): (Entry | Unknown)[] {
  checkBodyType(wrapper)
  const bundle = parseWrapper(wrapper.body)
  if (bundle.entry !== undefined && !Array.isArray(bundle.entry))
    throw new FhirError('malformed', { text: 'Bundle.entry is no list.', expression: 'Bundle.entry' })
  const list = (bundle.entry ?? []) as unknown[]
  checkAmount(list.length, limits)
  const entries = entriesOf(bundle).map((entry) => parseEntry(entry, list[entry.index], wrapper))
  checkQuestions(entries, limits)
  return entries
}

function parseEntry(entry: BundleEntry, written: unknown, wrapper: FhirRequest): Entry | Unknown {
  const { index, interaction: asked, resource } = entry
  const { fullUrl, request } = (written ?? {}) as { fullUrl?: unknown; request?: unknown }
  if (!asked) return { index }
  return {
    index,
    asked,
    ...(typeof fullUrl === 'string' && fullUrl !== '' && { fullUrl }),
    ...(isResource(resource) && { resource }),
    request: headOf(request as Readonly<Record<string, unknown>>, wrapper),
  }
}

function isResource(value: unknown): value is Resource {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && 'resourceType' in value
}

/** Everything of the entry’s request but its body. `Prefer` is the wrapper’s; nobody’s token is in an entry. */
function headOf(request: Readonly<Record<string, unknown>>, wrapper: FhirRequest): FhirRequest {
  const [path = '', ...search] = textOf(request.url).split('?')
  const { prefer } = wrapper.headers
  const headers = {
    // What an entry is answered with has to be a resource.
    accept: 'application/fhir+json',
    ...header('if-match', request.ifMatch),
    ...header('if-none-match', request.ifNoneMatch),
    ...header('if-none-exist', request.ifNoneExist),
    ...header('if-modified-since', httpDate(request.ifModifiedSince)),
    // Sent back unasked, the resources of a Bundle would be the Bundle again.
    prefer: /return=/.test(prefer ?? '') ? prefer : ['return=minimal', prefer].filter(Boolean).join(', '),
  }
  return {
    method: textOf(request.method),
    path,
    search: search.join('?'),
    headers,
    body: '',
    contentType: '',
    ...(wrapper.id !== undefined && { id: wrapper.id }),
  }
}

function header(name: string, value: unknown): Record<string, string> {
  return value === undefined ? {} : { [name]: textOf(value) }
}

/** An object may have no text; what it says instead is refused where it is looked at, not passed over. */
function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function httpDate(value: unknown): string | undefined {
  const date = new Date(textOf(value))
  return Number.isNaN(date.getTime()) ? undefined : date.toUTCString()
}

/** The request of an entry, as it would have come by itself. */
export function requestOf({ request, resource }: Entry): FhirRequest {
  if (!resource || request.method === 'GET' || request.method === 'HEAD') return request
  const patch = request.method === 'PATCH' ? jsonPatchIn(resource) : undefined
  if (patch !== undefined) return { ...request, body: patch, contentType: jsonPatchType }
  return { ...request, body: writeExact(resource), contentType: 'application/fhir+json' }
}

/** Within a Bundle a JSON Patch comes in a Binary. @see FHIR R4 http, patch */
function jsonPatchIn({ resourceType, contentType, data }: Resource): string | undefined {
  const isPatch = resourceType === 'Binary' && contentType === jsonPatchType && typeof data === 'string'
  return isPatch ? Buffer.from(data, 'base64').toString() : undefined
}
