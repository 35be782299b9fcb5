// Who is at the browser, and whether this flow is theirs: one session takes it up, no other can go on with it.
// SEED-20 (a live EHR session needs no second sign-in), SEED-29, OIDC Core §3.1.2.1 (prompt).
import type { HttpRequest } from '../../http/route.ts'
import { OAuthError } from '../errors.ts'
import type { FlowStore, LaunchStore, SignIn, User } from '../ports.ts'
import { type Flow, isEhrLaunch } from './flow.ts'
import { loadLaunch } from './load-launch.ts'

/** What the flow waits for: a sign-in, the same request again with cookies, or nothing because the user is known. */
export type Visitor = { readonly user: User; readonly flow: Flow } | { readonly wait: 'sign-in' | 'cookies' }

interface VisitorDeps {
  readonly signIn: SignIn
  readonly launches: LaunchStore
  readonly flows: FlowStore
  readonly now: () => number
}

/** Finds the user of this request and checks that the flow may be theirs. */
export async function loadVisitor(flow: Flow, request: HttpRequest, deps: VisitorDeps): Promise<Visitor> {
  const user = await deps.signIn.currentUser(request)
  if (!user) return { wait: whatIsMissing(flow, request) }
  if (flow.sessionId !== undefined) {
    if (flow.sessionId !== user.sessionId) throw new OAuthError('flowForeign')
    return { user, flow }
  }
  const launched = await loadLaunch(flow, user, deps)
  const isTooOld = flow.request.prompt.login && user.authenticatedAt < flow.createdAt
  return isTooOld ? { wait: 'sign-in' } : { user, flow: launched }
}

function whatIsMissing(flow: Flow, request: HttpRequest): 'sign-in' | 'cookies' {
  if (mayHaveHiddenCookies(request)) return 'cookies'
  if (flow.request.prompt.none) throw new OAuthError('loginRequired')
  // The session that the launch belongs to is over: a new one could not take it.
  if (isEhrLaunch(flow) && flow.launchUserId === undefined)
    throw new OAuthError('launchUnknown', { detail: 'no session' })
  return 'sign-in'
}

/** In a frame, or behind another site's form, Lax cookies stay at home; a step from our own page brings them. */
function mayHaveHiddenCookies(request: HttpRequest): boolean {
  return request.headers['sec-fetch-site'] === 'cross-site' && request.query.get('from') !== 'here'
}
