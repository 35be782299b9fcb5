/** What of a registered scope string is a scope here. RFC 7591 §2, §3.2.1; SCOPE-09. */
import { parseScope, parseScopes } from '../../smart/scope.ts'
import { shownScope } from '../shown-scope.ts'

/** The known scopes of a text, as they were written: an app that registers itself may be made for many servers. */
export function knownScopesOf(text: string): string {
  return text
    .split(' ')
    .filter((token) => parseScope(token) !== undefined)
    .join(' ')
}

/** What is wrong with a scope text that somebody wrote for this server alone: what is no scope here is a slip of theirs. */
export function problemOfScopes(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined
  const [unknown] = parseScopes(text).refused
  return unknown === undefined ? undefined : `${shownScope(unknown)} is no scope that is known here`
}
