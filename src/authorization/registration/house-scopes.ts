import { ownScopes } from '../../smart/scope.ts'

/**
 * Scopes that are no rights to records but to this server itself. No open registration, statement or document gives them:
 * an app has them only where an administrator or the command line registered or approved it with them.
 */
const houseScopes: ReadonlySet<string> = new Set(ownScopes)

/** Whether a token of a scope string is one. */
export function isHouseScope(token: string): boolean {
  return houseScopes.has(token)
}

/** Those of a scope string, each once. */
export function houseScopesOf(scope: string): string[] {
  return [...new Set(scope.split(' ').filter(isHouseScope))]
}
