// What an app is registered for now is the most it gets, whatever it was granted before: something may have been taken back since. REG-05.
import { formatGrant, parseGrant } from '../../smart/grant.ts'
import { allWithin, isCovered } from '../authorize/check-scope.ts'
import type { Client } from '../client.ts'

/** The part of a scope that the registration still has; nothing when it has none of it. */
export function withinRegistration(scope: string, client: Client): string | undefined {
  const registered = parseGrant(client.scope)
  const { scopes } = parseGrant(scope)
  if (scopes.length > 0 && scopes.every((one) => isCovered(registered, one))) return scope
  const left = allWithin(registered, scopes)
  return left.length === 0 ? undefined : formatGrant({ scopes: left })
}
