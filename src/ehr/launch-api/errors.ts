/** Errors of the launch API: JSON with an OAuth error code, the member that is wrong, and what to change (RFC 6750 §3). */
import { json } from '../../http/reply.ts'
import type { HttpReply } from '../../http/route.ts'

/** The scope that a token needs to launch apps. */
export const launchScope = 'ehr.launch'

const realm = 'Chartkey launch API'

/** A request of the launch API that is refused. */
export class LaunchApiError extends Error {
  readonly status: 400 | 401 | 403 | 415
  /** Absent where a request had no token at all: it only hears how to come back (RFC 6750 §3.1). */
  readonly code: string | undefined
  readonly text: string
  /** The member of the request by its name in JSON. */
  readonly member: string | undefined

  constructor(
    status: LaunchApiError['status'],
    code: string | undefined,
    text: string,
    more: { member?: string; detail?: string } = {},
  ) {
    super(more.detail ?? code ?? 'no token')
    this.name = 'LaunchApiError'
    this.status = status
    this.code = code
    this.text = text
    this.member = more.member
  }
}

/** A member that cannot be used; `text` says what is expected. */
export function wrongMember(member: string, text: string, detail?: string): LaunchApiError {
  const more = { member, ...(detail !== undefined && { detail }) }
  return new LaunchApiError(400, 'invalid_request', `${member}: ${text}`, more)
}

/** The reply that tells an error. */
export function errorReply({ status, code, text, member }: LaunchApiError): HttpReply {
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
  const scope = code === undefined || code === 'insufficient_scope' ? `, scope="${launchScope}"` : ''
  return `Bearer realm="${realm}"${error}${scope}`
}

/** How a failure before the endpoint is told. */
export function launchApiFailure(status: number, text: string): HttpReply {
  const error = status >= 500 ? 'server_error' : 'invalid_request'
  return json(status, { error, error_description: text })
}
