/**
 * Systems with rights on this server itself, for the launch API and for administration: their access tokens are those of
 * the client credentials grant, and count as far as the registration has the scope still (REG-05).
 */
import type { Client } from '../authorization/client.ts'
import { isHouseScope } from '../authorization/registration/house-scopes.ts'
import type { VerifiedToken } from '../authorization/verify.ts'

/** A system, and the scopes of its token that are rights on this server. */
export interface HouseCaller {
  readonly clientId: string
  readonly scopes: readonly string[]
}

export interface HouseCallers {
  /** Nothing when the token is not ours, expired or revoked, or may not be used like this. */
  verify(token: string): Promise<HouseCaller | undefined>
}

/** The systems behind tokens; `apps` are those on record. */
export function createHouseCallers(
  verify: (token: string) => Promise<VerifiedToken | undefined>,
  apps: { find(id: string): Promise<Client | undefined> },
): HouseCallers {
  return {
    async verify(token) {
      const verified = await verify(token)
      // A person's token is no system's, whatever stands in it; and one that is bound to a key (RFC 9449) is no bearer token.
      if (!verified || verified.user !== undefined || verified.jkt !== undefined) return undefined
      const { clientId, claims } = verified
      const registered = new Set((await apps.find(clientId))?.scope.split(' '))
      const scopes = claims.scope.split(' ').filter((one) => isHouseScope(one) && registered.has(one))
      return { clientId, scopes }
    },
  }
}
