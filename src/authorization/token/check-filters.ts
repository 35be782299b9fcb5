// A scope whose filter cannot be enforced is not granted: it would open more than it says. AMB-28.
import { formatScope, type Scope } from '../../smart/scope.ts'
import { type ErrorName, OAuthError } from '../errors.ts'
import type { FilterSupport } from '../ports.ts'

const longestShown = 200

/** Refuses a scope with a filter that this server cannot enforce. */
export function checkFilters(
  scopes: readonly Scope[],
  supportsFilter: FilterSupport,
  refused: ErrorName,
): void {
  for (const scope of scopes) {
    if (scope.kind !== 'resource' || scope.filter.length === 0) continue
    if (supportsFilter(scope.type, scope.filter)) continue
    const shown = formatScope(scope).slice(0, longestShown)
    throw new OAuthError(refused, {
      text: `The parameter scope: ${shown} has a filter that this server cannot enforce.`,
    })
  }
}
