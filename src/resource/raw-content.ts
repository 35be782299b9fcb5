/**
 * The content of a Binary as what it is. It comes from anybody: it is a download, and no browser guesses what it may be.
 * @see FHIR R4 Binary; http, content types and encodings
 */
import { parseReference } from '../smart/ids.ts'
import { contextHeaderName } from './binary-body.ts'
import type { Admitted } from './enforce.ts'
import type { Exchange, Permitted } from './interactions/handler.ts'
import { acceptsType, namesJson } from './negotiate.ts'
import { FhirError } from './outcomes.ts'
import { versionHeaders } from './replies.ts'
import type { FhirReply, FhirRequest } from './request.ts'

/**
 * Whether a read asks for the content of a Binary instead of the resource: whoever does not name the format of the
 * resource does.
 */
export function wantsRaw({ asked, request, parameters }: Exchange<'read'> | Exchange<'vread'>): boolean {
  return asked.type === 'Binary' && !namesJson(request, parameters)
}

const token = '[a-z0-9][a-z0-9!#$&^_.+-]{0,126}'
const mediaType = new RegExp(`^(${token}/${token})(?:\\s*;\\s*charset="?[\\w-]{1,40}"?)?(?=\\s*(?:;|$))`, 'i')

/** The content, when the reader accepts its type. It runs nowhere, whatever it is and wherever it is opened. */
export function rawReply(binary: Admitted, { request, parameters }: Permitted): FhirReply {
  const { contentType, data, securityContext } = binary.resource
  const [type, bare] = mediaType.exec(String(contentType).trim()) ?? []
  // A type that no header may carry is none that anybody could have asked for.
  if (type === undefined || bare === undefined || !isWanted(bare, request, parameters))
    throw new FhirError('unacceptable')
  return {
    status: 200,
    headers: {
      ...versionHeaders(binary),
      'content-type': type,
      'content-disposition': 'attachment',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      ...contextHeader(securityContext),
    },
    body: '',
    bytes: Buffer.from(typeof data === 'string' ? data : '', 'base64'),
  }
}

/** `_format` rules over `Accept` here, too. */
function isWanted(type: string, request: FhirRequest, parameters: URLSearchParams): boolean {
  const format = parameters.get('_format')
  if (format) return format.replace(' ', '+').toLowerCase() === type.toLowerCase()
  return !request.headers.accept || acceptsType(request, type)
}

/** What it is judged by, for whom it was judged. @see FHIR R4 Binary, security */
function contextHeader(securityContext: unknown): Readonly<Record<string, string>> {
  const { reference } = (securityContext ?? {}) as { reference?: unknown }
  const target = parseReference(reference)
  return target ? { [contextHeaderName]: `${target.type}/${target.id}` } : {}
}
