// A decision that names the version it is on is taken on that one or not at all. Without If-Match it is on what is stored.
// RFC 9110 §8.8.3, §13.1.1
import type { HttpRequest } from '../../http/route.ts'
import type { AdminApp } from '../ports.ts'
import { ApiError } from './errors.ts'

const tag = String.raw`(?:W/)?"[\x21\x23-\x7e]*"`
const tags = new RegExp(String.raw`^${tag}(?:[ \t]*,[ \t]*${tag})*$`)

/** The entity tag of an app as it is. */
export function tagOf({ version }: AdminApp): string {
  return `"${version}"`
}

/** The app is another than the one that was named. */
export function otherVersion(): ApiError {
  const text = 'The app has changed since the version that If-Match names: read it again.'
  return new ApiError(412, 'version_changed', text)
}

/** The version that the app has to have still when it is changed; nothing where any will do. */
export function seenBy({ headers }: HttpRequest, known: AdminApp): string | undefined {
  const sent = headers['if-match']?.trim()
  if (sent === undefined || sent === '*') return undefined
  if (!tags.test(sent))
    throw new ApiError(400, 'invalid_request', 'If-Match: the ETag of an app is expected, in quotes.')
  // Compared strongly: a weak tag names none.
  const named: readonly string[] = sent.match(new RegExp(tag, 'g')) ?? []
  if (!named.includes(tagOf(known))) throw otherVersion()
  return known.version
}
