import { problemOfScopes } from '../../authorization/registration/known-scopes.ts'
import { ConfigError } from '../../config.ts'

/** An operator writes scopes for this server: what is none here is a slip, and named. */
export function refuseUnknownScopes(name: string, scope: unknown): void {
  const problem = problemOfScopes(scope)
  if (problem !== undefined) throw new ConfigError(name, problem)
}
