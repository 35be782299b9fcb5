// The body of a registration: one JSON object, every member acceptable, or the first that is not is named. RFC 7591 §2, §3.2.2.
import type { HttpRequest } from '../../http/route.ts'
import { type ClientMetadata, clientMetadata } from '../client-metadata.ts'
import { OAuthError } from '../errors.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** The object that was sent as JSON. */
export function parseObject(request: HttpRequest): JsonObject {
  if (request.contentType !== 'application/json') throw new OAuthError('registrationForm')
  const value = parseJson(request.body)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new OAuthError('registrationForm')
  }
  return value as JsonObject
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** The metadata of an object; a member that is null counts as left out (RFC 7592 §2.2). */
export function parseMetadata(object: JsonObject): ClientMetadata {
  const told = Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null))
  const checked = clientMetadata.safeParse(told)
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  const member = issue?.path.map(String).join('.') ?? ''
  if (member === '') throw new OAuthError('registrationForm')
  const kind = member.startsWith('redirect_uris') ? 'redirectUriRule' : 'metadata'
  throw new OAuthError(kind, { text: readable(`${member}: ${issue?.message ?? 'not acceptable'}`) })
}

/** Kept to the characters of `error_description`: a message may repeat what was sent. @see RFC 6749 §5.2 */
function readable(text: string): string {
  return text.replaceAll(/["\\]/g, "'").replaceAll(/[^\x20-\x7e]/g, '?')
}
