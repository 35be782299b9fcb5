// A body comes as it is: one that is compressed would be stored, or misread, as if it were the content. RFC 9110 §8.4, §12.5.3.
import type { IncomingHttpHeaders } from 'node:http'
import { RequestError } from './request-error.ts'

/** Throws where a body is in a coding that nobody here undoes; without a body there is nothing to undo. */
export function checkEncoding(headers: IncomingHttpHeaders): void {
  const coding = headers['content-encoding']
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  if (!hasBody || coding === undefined || /^(?:identity)?$/i.test(coding.trim())) return
  throw new RequestError(415, 'A body with a Content-Encoding is not taken: send it without it.', {
    'accept-encoding': 'identity',
  })
}
