// A token is made for this FHIR server only; scheme, host, default port and one trailing slash don't decide. AUTHZ-11 to AUTHZ-14, AMB-04, AMB-05.
// Who only asks who signed in gets a token that opens nothing there, and as a plain OpenID Connect client names no server (docs/adr/0036). OIDC Core §3.1.2.1.
import type { Params } from '../../http/params.ts'
import type { Scope } from '../../smart/scope.ts'
import { OAuthError } from '../errors.ts'

const address = /^(https?):\/\/([^/?#@\\\s]+)(\/[^?#\\\s]*)?$/i

/** Checks `aud` or its other name `resource` (both, when both are sent) against the FHIR base URL; both may be absent where only sign-in is asked about. */
export function checkAudience(params: Params, asked: readonly Scope[], fhirBase: string): void {
  const named = [params.get('aud'), params.get('resource')].filter((value) => value !== undefined)
  if (named.length === 0 && !asked.every(isPlainOpenid)) throw new OAuthError('audienceMissing')
  const own = normalise(fhirBase)
  if (!named.every((value) => normalise(value) === own)) throw new OAuthError('audienceUnknown')
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
