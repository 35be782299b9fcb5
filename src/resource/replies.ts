/** Replies made of one resource: only of one that was admitted. @see FHIR R4 http, read and create */
import type { Resource } from '../smart/resource.ts'
import { elementsWanted, subset } from './elements.ts'
import type { Admitted } from './enforce.ts'
import { indented, parseExact, writeExact } from './exact-json.ts'
import type { Permitted } from './interactions/handler.ts'
import { fhirHeaders, outcome } from './outcomes.ts'
import { etag } from './preconditions.ts'
import type { Stored } from './repository.ts'
import type { FhirReply } from './request.ts'

/** A resource as it is read. */
export function resourceReply(stored: Admitted, exchange: Permitted): FhirReply {
  return { status: 200, headers: versionHeaders(stored), body: textOf(stored, exchange) }
}

/** What a reader has already: no body (304). */
export function notModifiedReply(stored: Admitted): FhirReply {
  return { status: 304, headers: versionHeaders(stored), body: '' }
}

/** What HEAD gets: all but the body. What would have streamed is never begun. */
export function headReply({ status, headers }: FhirReply): FhirReply {
  return { status, headers, body: '' }
}

/** What a writer gets: the resource, nothing, or an outcome, as it prefers. */
export function writtenReply(
  stored: Admitted,
  status: 200 | 201,
  base: string,
  exchange: Permitted,
): FhirReply {
  const address = `${base}/${stored.type}/${stored.id}/_history/${stored.version}`
  const place = status === 201 ? 'location' : 'content-location'
  return {
    status,
    headers: { ...versionHeaders(stored), [place]: address },
    body: writtenBody(stored, status, exchange),
  }
}

/** The same for what the writer may not read: nothing of the content. */
export function withheldReply(
  stored: Admitted,
  status: 200 | 201,
  base: string,
  exchange: Permitted,
): FhirReply {
  const { preferences } = exchange
  const wish = preferences.return === 'representation' ? 'minimal' : preferences.return
  return writtenReply(stored, status, base, { ...exchange, preferences: { ...preferences, return: wish } })
}

/** What there is to say about a resource that is there no more: nothing, or that, when it is preferred. */
export function deletedReply(name: string, ended: Stored | undefined, { preferences }: Permitted): FhirReply {
  const headers = ended ? versionHeaders(ended) : fhirHeaders
  if (preferences.return !== 'OperationOutcome') return { status: 204, headers, body: '' }
  const text = ended ? `${name} was deleted, version ${ended.version}.` : `There is no ${name} any more.`
  return { status: 200, headers, body: outcomeText(text, preferences.pretty) }
}

function writtenBody(stored: Admitted, status: 200 | 201, { preferences }: Permitted): string {
  switch (preferences.return) {
    case 'minimal':
      return ''
    case 'OperationOutcome':
      return outcomeText(successText(stored, status), preferences.pretty)
    case 'representation':
      return preferences.pretty ? indented(stored.json) : stored.json
  }
}

function outcomeText(text: string, pretty: boolean): string {
  return json(outcome('information', 'informational', [{ text }]), pretty)
}

function successText({ type, id, version }: Admitted, status: 200 | 201): string {
  return `${type}/${id} was ${status === 201 ? 'created' : 'updated'}, version ${version}.`
}

function textOf(stored: Admitted, { parameters, preferences }: Permitted): string {
  const wanted = parameters.size > 0 ? elementsWanted([...parameters], stored.type) : undefined
  if (wanted) return json(subset(parseExact(stored.json) as Resource, wanted), preferences.pretty)
  return preferences.pretty ? indented(stored.json) : stored.json
}

/** JSON text, indented where that is wished. */
export function json(value: unknown, pretty: boolean): string {
  return writeExact(value, pretty ? 2 : undefined)
}

/** What the headers say of a version. */
export function versionHeaders({ version, lastUpdated }: Stored): Record<string, string> {
  return { ...fhirHeaders, etag: etag(version), 'last-modified': new Date(lastUpdated).toUTCString() }
}
