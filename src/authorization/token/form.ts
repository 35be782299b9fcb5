// What the token endpoint and its neighbours share: a form, each parameter once, and answers that nobody stores. RFC-03, RFC-07, RFC-08, TOK-22.

import type { Params } from '../../http/params.ts'
import { json } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { OAuthError } from '../errors.ts'

const formType = 'application/x-www-form-urlencoded'

/** Of every answer with a token in it, and of every refusal. */
export const neverStored = { 'cache-control': 'no-store', pragma: 'no-cache' }

/** The form of a request in which none of `names` comes twice. */
export function checkForm(request: HttpRequest, names: readonly string[]): Params {
  if (request.contentType !== formType) throw new OAuthError('contentType')
  const { form } = request
  const repeated = form.repeated(names)
  if (repeated)
    throw new OAuthError('tokenRepeated', { text: `The parameter ${repeated} was sent more than once.` })
  return form
}

/** Whether the request has a form at all. */
export function hasForm(request: HttpRequest): boolean {
  return request.contentType === formType
}

/** Why it was refused, for the audit trail: the rule, and what of it the public does not learn. */
export function reasonOf({ message, detail }: OAuthError): string {
  return detail === undefined ? message : `${message}: ${detail}`
}

/** How a refusal is told; `challenge` says how to authenticate where that is what failed. */
export function tokenError(
  { kind, text }: OAuthError,
  challenge = 'Basic realm="token", charset="UTF-8"',
): HttpReply {
  const isChallenged = kind.status === 401 || kind.error === 'insufficient_scope'
  const headers = isChallenged ? { ...neverStored, 'www-authenticate': challenge } : neverStored
  return json(kind.status, { error: kind.error, error_description: text }, headers)
}

/** How a failure before the endpoint is told. */
export function tokenFailure(status: number, text: string): HttpReply {
  const error =
    status === 429 ? 'temporarily_unavailable' : status >= 500 ? 'server_error' : 'invalid_request'
  return json(status, { error, error_description: text }, neverStored)
}
