/** Writes the answer to a batch or transaction: one entry for each, in the order they came. @see FHIR R4 Bundle.entry.response */
import { statusText } from '../../http/status-text.ts'
import { indented } from '../exact-json.ts'
import { fhirHeaders } from '../outcomes.ts'
import type { FhirReply, FhirRequest } from '../request.ts'

/** The reply with the Bundle. */
export function responseReply(
  kind: 'batch' | 'transaction',
  entries: readonly string[],
  pretty: boolean,
): FhirReply {
  const head = `{"resourceType":"Bundle","type":"${kind}-response"`
  const body = entries.length === 0 ? `${head}}` : `${head},"entry":[${entries.join(',')}]}`
  return {
    status: 200,
    headers: fhirHeaders,
    body: pretty ? indented(body) : body,
  }
}

/** The entry that tells one reply; a resource is put in as the text it is sent as. */
export function responseEntry(request: FhirRequest, reply: FhirReply): string {
  const { status, headers, body } = reply
  const place = headers.location ?? headers['content-location']
  const modified = headers['last-modified']
  const response = JSON.stringify({
    status: `${status} ${statusText(status) ?? ''}`.trim(),
    ...(place !== undefined && { location: place }),
    ...(headers.etag !== undefined && { etag: headers.etag }),
    ...(modified !== undefined && { lastModified: new Date(modified).toISOString() }),
  })
  if (body === '' || request.method === 'HEAD') return `{"response":${response}}`
  if (isOutcome(request, reply)) return `{"response":${response.slice(0, -1)},"outcome":${body}}}`
  return `{"resource":${body},"response":${response}}`
}

/** An error, or what a writer preferred to the resource. */
function isOutcome({ method, headers }: FhirRequest, { status }: FhirReply): boolean {
  if (status >= 400) return true
  return method !== 'GET' && /return=OperationOutcome/.test(headers.prefer ?? '')
}
