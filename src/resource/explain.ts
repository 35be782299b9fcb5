/**
 * Enforces that every refusal for want of rights has a challenge (RFC 6750 §3.1), and where the scopes alone were too
 * narrow for what the caller wanted to store, the scope that would have been enough. It is named only after it was
 * tried: where something else refuses as well, no scope is promised. The content is the caller's own, so nothing is told.
 */
import { reachOf, widened } from '../smart/decision.ts'
import { type Interaction, lettersOf } from '../smart/interaction.ts'
import type { Resource } from '../smart/resource.ts'
import type { Matches } from '../smart/slice.ts'
import { isWritable } from './enforce.ts'
import { FhirError } from './outcomes.ts'
import type { Caller } from './request.ts'

/** The same error, with a challenge when it is a 403 that has none. */
export function explained(
  error: FhirError,
  caller: Caller,
  asked: Interaction | undefined,
  { base, matches }: { readonly base: string; readonly matches: Matches },
): FhirError {
  const { kind, more } = error
  if (kind.status !== 403 || more.headers?.['www-authenticate'] !== undefined) return error
  const scope = asked && more.content && enoughFor(more.content, caller, asked, matches)
  const challenge = `Bearer realm="${base}", error="insufficient_scope"${scope ? `, scope="${scope}"` : ''}`
  return new FhirError(error.error, {
    ...more,
    text: scope ? `${error.message} The scope ${scope} would be enough.` : error.message,
    headers: { ...more.headers, 'www-authenticate': challenge },
  })
}

function enoughFor(
  content: Resource,
  { authority }: Caller,
  asked: Interaction,
  matches: Matches,
): string | undefined {
  const letters = lettersOf(asked) ?? []
  const [first] = letters
  if (first === undefined) return undefined
  const type = content.resourceType
  const wider = widened(authority, type, letters)
  return isWritable(content, undefined, reachOf(wider.authority, first, type), matches)
    ? wider.scope
    : undefined
}
