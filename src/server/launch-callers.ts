/** The systems that launch apps by the launch API: their access tokens are those of the client credentials grant. */
import type { VerifiedToken } from '../authorization/verify.ts'
import type { LaunchCallers } from '../ehr/ports.ts'
import { formatScope } from '../smart/scope.ts'

export function createLaunchCallers(
  verify: (token: string) => Promise<VerifiedToken | undefined>,
): LaunchCallers {
  return {
    async verify(token) {
      const verified = await verify(token)
      // A person's token is no system's, whatever stands in it; and one that is bound to a key (RFC 9449) is no bearer token.
      if (!verified || verified.user !== undefined || 'cnf' in verified.claims) return undefined
      return { clientId: verified.clientId, scopes: verified.scopes.map(formatScope) }
    },
  }
}
