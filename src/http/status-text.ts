/** The name of an HTTP status. `node:http` is required, not imported: an import of it makes ready all it exports, a WebSocket client too. */
import { createRequire } from 'node:module'

const { STATUS_CODES } = createRequire(import.meta.url)('node:http') as typeof import('node:http')

/** The reason phrase of a status, such as `Not Found` for 404; nothing for one without a name. @see RFC 9110 §15 */
export function statusText(status: number): string | undefined {
  return STATUS_CODES[status]
}
