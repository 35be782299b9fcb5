/**
 * Enforces the conditional headers that are supported and refuses those that are not: none is ever ignored on a write.
 * @see FHIR R4 http, managing resource contention, conditional read; RFC 9110 §13
 */
import { FhirError } from './outcomes.ts'
import type { Stored } from './repository.ts'
import type { FhirRequest } from './request.ts'

/** What a write insists on. */
export interface Preconditions {
  /** The version that has to be current. */
  readonly version?: string
  /** Versions that must not be current; `*` is any. */
  readonly not: readonly string[]
}

const unsupportedOnCreate = ['if-match', 'if-none-match', 'if-unmodified-since']
const unsupportedElsewhere = ['if-none-exist', 'if-unmodified-since']

/** Refuses conditions that a create cannot have: what is new has no version yet. */
export function checkCreateHeaders(request: FhirRequest): void {
  refuseAny(request, unsupportedOnCreate)
}

/** The conditions of an update, patch or delete. */
export function preconditionsOf(request: FhirRequest): Preconditions {
  refuseAny(request, unsupportedElsewhere)
  const not = versionsIn(request.headers['if-none-match'] ?? '')
  const header = request.headers['if-match']
  if (header === undefined) return { not }
  const [version, ...more] = versionsIn(header)
  if (version === undefined || more.length > 0 || version === '*')
    throw new FhirError('parameter', { text: 'If-Match has to name one version, such as W/"1".' })
  return { version, not }
}

/** Refuses a write whose conditions do not hold. What is current has to be in the caller’s reach, or absent, by now. */
export function checkPreconditions({ version, not }: Preconditions, current: Stored | undefined): void {
  if (version !== undefined && version !== current?.version) throw new FhirError('stale')
  if (current && (not.includes('*') || not.includes(current.version))) throw new FhirError('present')
}

/** Whether the reader says to have this version already. Of two conditions the exact one counts. */
export function isKnown({ headers }: FhirRequest, { version, lastUpdated }: Stored): boolean {
  const tags = headers['if-none-match']
  if (tags !== undefined) {
    const known = versionsIn(tags)
    return known.includes(version) || known.includes('*')
  }
  const since = headers['if-modified-since']
  // The header has whole seconds.
  return since !== undefined && Math.floor(Date.parse(lastUpdated) / 1000) * 1000 <= Date.parse(since)
}

/** The ETag of a version. */
export function etag(version: string): string {
  return `W/"${version}"`
}

function versionsIn(header: string): string[] {
  return header
    .split(',')
    .map((tag) => tag.trim().replace(/^(?:W\/)?"(.*)"$/, '$1'))
    .filter((version) => version !== '')
}

function refuseAny(request: FhirRequest, names: readonly string[]): void {
  const found = names.find((name) => request.headers[name] !== undefined)
  if (found === undefined) return
  throw new FhirError('notBuilt', { text: `This server does not support the header ${found} here.` })
}
