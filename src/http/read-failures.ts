/** What is told about a request that could not be read; Fastify's and Node's own texts never leave. */
import type { Socket } from 'node:net'
import { statusText } from './status-text.ts'

const READ_FAILURES: Readonly<Record<string, readonly [number, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'The body is larger than this address takes.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'The body is not as long as Content-Length says.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'Content-Type is not a media type.'],
  FST_ERR_BAD_URL: [400, 'The address has a malformed percent-encoding.'],
  FST_ERR_MAX_PARAM_LENGTH: [414, 'A part of the address is too long.'],
  ECONNRESET: [400, 'The connection ended before the body was complete.'],
  ERR_STREAM_PREMATURE_CLOSE: [400, 'The connection ended before the body was complete.'],
}

const CONNECTION_FAILURES: Readonly<Record<string, readonly [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The address and headers together are too long.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The chunk extensions are too long.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
}

/** Whatever else Fastify refuses in what was sent is the sender's fault, too, and none of ours. */
const OTHER_REFUSAL = [400, 'The request cannot be read.'] as const

/** Status and public text of a failure while reading; nothing when it is not one. */
export function readFailure(error: unknown): readonly [number, string] | undefined {
  const code = codeOf(error)
  return READ_FAILURES[code] ?? (code.startsWith('FST_ERR_') && isRefusal(error) ? OTHER_REFUSAL : undefined)
}

/** Answers what was not even a request, in plain text on the bare connection. */
export function refuseConnection(error: unknown, socket: Socket): void {
  if (codeOf(error) === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, text] = CONNECTION_FAILURES[codeOf(error)] ?? [
    400,
    'This is not a well-formed HTTP request.',
  ]
  const head = [
    `HTTP/1.1 ${status} ${statusText(status)}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    'X-Content-Type-Options: nosniff',
    `Content-Length: ${Buffer.byteLength(text) + 1}`,
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}\n`)
}

function isRefusal(error: unknown): boolean {
  const { statusCode } = error as { statusCode?: unknown }
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500
}

function codeOf(error: unknown): string {
  const code = error instanceof Error ? (error as Error & { code?: unknown }).code : undefined
  return typeof code === 'string' ? code : ''
}
