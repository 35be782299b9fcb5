/** Values of any length as they stand in an index. */
import { createHash } from 'node:crypto'

/** What an index of PostgreSQL may hold of a row has a limit; few codes come near it. */
const longestKey = 200

/** The value, or of a long one its digest, which is equal when the values are; both sides of a comparison need it. */
export function indexKey(text: string): string {
  return text.length <= longestKey ? text : `sha256:${createHash('sha256').update(text).digest('base64url')}`
}
