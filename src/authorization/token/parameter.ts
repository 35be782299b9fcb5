import type { Params } from '../../http/params.ts'
import { OAuthError } from '../errors.ts'

/** A parameter that the request has to have. */
export function requiredParameter(form: Params, name: string): string {
  const value = form.get(name)
  if (value === undefined)
    throw new OAuthError('tokenParameter', { text: `The parameter ${name} is missing.` })
  return value
}
