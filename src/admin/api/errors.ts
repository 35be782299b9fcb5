/** Errors of the administration API: JSON with an OAuth error code and a sentence, challenges by RFC 6750 §3. */
import { json } from '../../http/reply.ts'
import type { HttpReply } from '../../http/route.ts'

/** The scope that a token needs. */
export const adminScope = 'chartkey.admin'

/** A request of the administration API that is refused. */
export class ApiError extends Error {
  readonly status: 400 | 401 | 403 | 404 | 409 | 412 | 415
  readonly code: string | undefined
  readonly text: string
  /** The member of the body that is wrong. */
  readonly member: string | undefined

  constructor(status: ApiError['status'], code: string | undefined, text: string, member?: string) {
    super(code ?? 'no token')
    this.name = 'ApiError'
    this.status = status
    this.code = code
    // Kept to the characters of `error_description`: it may repeat what was sent (RFC 6749 §5.2).
    this.text = text.replaceAll(/["\\]/g, "'").replaceAll(/[^\x20-\x7e]/g, '?')
    this.member = member
  }
}

/** There is nothing of that id. */
export function notFound(what: string): ApiError {
  return new ApiError(404, 'not_found', `There is no ${what} of that id.`)
}

/** The reply that tells an error. */
export function errorReply({ status, code, text, member }: ApiError): HttpReply {
  const body = {
    error: code ?? 'invalid_request',
    error_description: text,
    ...(member !== undefined && { member }),
  }
  const challenge = status === 401 || status === 403 ? challengeOf(code) : undefined
  return json(status, body, challenge === undefined ? {} : { 'www-authenticate': challenge })
}

function challengeOf(code: string | undefined): string {
  const error = code === undefined ? '' : `, error="${code}"`
  return `Bearer realm="Chartkey administration"${error}, scope="${adminScope}"`
}

/** How a failure before the endpoint is told. */
export function apiFailure(status: number, text: string): HttpReply {
  return json(status, { error: status >= 500 ? 'server_error' : 'invalid_request', error_description: text })
}
