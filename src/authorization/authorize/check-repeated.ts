// A parameter that comes twice has two readings, and somebody would take the other one. RFC 6749 §3.1 (RFC-03).
import type { Params } from '../../http/params.ts'
import { OAuthError } from '../errors.ts'
import { knownParameters } from './request.ts'

/** Refuses a request that repeats a parameter of this endpoint. */
export function checkRepeated(params: Params): void {
  const name = params.repeated(knownParameters)
  if (name) throw new OAuthError('repeated', { text: `The parameter ${name} was sent more than once.` })
}
