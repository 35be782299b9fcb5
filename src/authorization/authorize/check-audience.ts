// A token is made for this FHIR server only; scheme, host, default port and one trailing slash don't decide. AUTHZ-11 to AUTHZ-14, AMB-04, AMB-05.
// Who only asks who signed in gets a token that opens nothing there, and as a plain OpenID Connect client names no server (docs/adr/0036). OIDC Core §3.1.2.1.
import type { Params } from '../../http/params.ts'
import type { Scope } from '../../smart/scope.ts'
import { OAuthError } from '../errors.ts'

const address = /^(https?):\/\/([^/?#@\\\s]+)(\/[^?#\\\s]*)?$/i

/** Checks `aud` or its other name `resource` (both, when both are sent) against the FHIR base URL; both may be absent where only sign-in is asked about. */
export function checkAudience(params: Params, asked: readonly Scope[], fhirBase: string): void {
  const named = ['aud', 'resource'].filter((name) => params.get(name) !== undefined)
  if (named.length === 0 && !asked.every(isPlainOpenid)) throw missing(fhirBase)
  const own = normalise(fhirBase)
  const other = named.find((name) => normalise(params.get(name) ?? '') !== own)
  if (other !== undefined) throw unknown(other, fhirBase)
}

/** The `aud` of a request object is whom it is for, so that libraries keep no place in it for the FHIR server. */
function missing(fhirBase: string): OAuthError {
  const text = `The parameter aud is missing: it has to be ${fhirBase}, the FHIR server.`
  const inObject = 'A request object says so in resource, or beside the issuer in its aud.'
  return new OAuthError('audienceMissing', { text: `${text} ${inObject}` })
}

function unknown(name: string, fhirBase: string): OAuthError {
  const text = `The parameter ${name} has to be ${fhirBase}, the FHIR server of this authorization server.`
  return new OAuthError('audienceUnknown', { text })
}

/** Whether OpenID Connect has the scope as well; `fhirUser` is SMART's alone. */
function isPlainOpenid(scope: Scope): boolean {
  return (scope.kind === 'identity' && scope.name !== 'fhirUser') || scope.kind === 'refresh'
}

function normalise(url: string): string | undefined {
  const [, scheme, host, path = ''] = address.exec(url) ?? []
  if (scheme === undefined || host === undefined) return undefined
  const defaultPort = scheme.toLowerCase() === 'https' ? /:0*443$/ : /:0*80$/
  return `${scheme}://${host.replace(defaultPort, '')}`.toLowerCase() + path.replace(/\/$/, '')
}
