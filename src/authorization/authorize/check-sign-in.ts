// Whether the sign-in at hand is the one the app asked for: recent enough, of the right person, strong enough.
// OIDC Core §3.1.2.1 (prompt, max_age, id_token_hint, acr_values), §3.1.2.3.
import { isEnough, type Level, leastAsked, levelOf } from '../acr.ts'
import { OAuthError } from '../errors.ts'
import type { User } from '../ports.ts'
import type { Flow } from './flow.ts'
import type { AuthorizationRequest } from './request.ts'

const SECOND = 1000

/** A sign-in to wait for, when the one at hand is too old or of another person; nothing when it will do. */
export function checkSignIn(
  flow: Flow,
  user: User,
): { readonly wait: 'sign-in'; readonly again: true } | undefined {
  const { prompt, subject } = flow.request
  const isOther = subject !== undefined && subject !== user.id
  // When it is not known, no age is young enough.
  const { authenticatedAt = Number.NEGATIVE_INFINITY } = user
  if (!isOther && authenticatedAt >= signedInSince(flow)) return undefined
  // Who signed in for this very request, and is somebody else: the app has to hear that.
  const isFresh = authenticatedAt >= flow.createdAt
  if (prompt.none || isFresh)
    throw new OAuthError('loginRequired', { detail: isOther ? 'another user' : 'too old' })
  return { wait: 'sign-in', again: true }
}

/** The earliest sign-in that counts, in milliseconds since 1970. */
function signedInSince({ request, createdAt }: Flow): number {
  if (request.prompt.login) return createdAt
  return request.maxAge === undefined ? Number.NEGATIVE_INFINITY : createdAt - request.maxAge * SECOND
}

/** The level to ask for once, when the app would like more than there is and the person may be asked. */
export function levelToAsk(flow: Flow, user: User): Level | undefined {
  const asked = wantedLevel(flow.request)
  if (asked === undefined || user.methods === undefined) return undefined
  // Who came on another's word alone is not asked for one factor: they have given it there, or nobody knows.
  if (isEnough(levelOf(user.methods) ?? 'sfa', asked)) return undefined
  return flow.stepUpAsked || flow.request.prompt.none ? undefined : asked
}

function wantedLevel({ acrValues = [] }: AuthorizationRequest): Level | undefined {
  return leastAsked(acrValues)
}
