/**
 * The content of a Binary as what it is. It comes from anybody: it is a download, and no browser guesses what it may be.
 * @see FHIR R4 Binary; http, content types and encodings
 */
import type { Admitted } from './enforce.ts'
import type { Exchange, Permitted } from './interactions/handler.ts'
import { acceptsJson, acceptsType } from './negotiate.ts'
import { FhirError } from './outcomes.ts'
import { versionHeaders } from './replies.ts'
import type { FhirReply } from './request.ts'

/** Whether a read asks for the content of a Binary instead of the resource. */
export function wantsRaw({ asked, request, parameters }: Exchange<'read'> | Exchange<'vread'>): boolean {
  return asked.type === 'Binary' && !acceptsJson(request, parameters)
}

const mediaType = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/i

/** The content, when the reader accepts its type. */
export function rawReply(binary: Admitted, { request }: Permitted): FhirReply {
  const { contentType, data } = binary.resource
  const type = (String(contentType).split(';', 1)[0] ?? '').trim()
  // A type that no header may carry is none that anybody could have asked for.
  if (!mediaType.test(type) || !acceptsType(request, type)) throw new FhirError('unacceptable')
  return {
    status: 200,
    headers: {
      ...versionHeaders(binary),
      'content-type': type,
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
    },
    body: '',
    bytes: Buffer.from(typeof data === 'string' ? data : '', 'base64'),
  }
}
