// Who is at the browser, and whether this flow is theirs: one session, and in an EHR launch the user it was made for.
// SEED-20 (a live EHR session needs no second sign-in), LNCH-06, OIDC Core §3.1.2.1 (prompt).
import type { HttpRequest } from '../../http/route.ts'
import { OAuthError } from '../errors.ts'
import type { SignIn, User } from '../ports.ts'
import type { Flow } from './flow.ts'

/** What the flow waits for: a sign-in, the same request again with cookies, or nothing because the user is known. */
export type Visitor = { readonly user: User } | { readonly wait: 'sign-in' | 'cookies' }

/** Finds the user of this request and checks that the flow may be theirs. */
export async function loadVisitor(flow: Flow, request: HttpRequest, signIn: SignIn): Promise<Visitor> {
  const user = await signIn.currentUser(request)
  if (!user) {
    if (mayHaveHiddenCookies(request)) return { wait: 'cookies' }
    if (flow.request.prompt.none) throw new OAuthError('loginRequired')
    return { wait: 'sign-in' }
  }
  if (flow.sessionId !== undefined) {
    if (flow.sessionId !== user.sessionId) throw new OAuthError('flowForeign')
  } else if (flow.request.prompt.login && user.authenticatedAt < flow.createdAt) {
    return { wait: 'sign-in' }
  }
  await checkLaunchUser(flow, user, signIn)
  return { user }
}

/** In a frame, or behind another site's form, Lax cookies stay at home; a step from our own page brings them. */
function mayHaveHiddenCookies(request: HttpRequest): boolean {
  return request.headers['sec-fetch-site'] === 'cross-site' && request.query.get('from') !== 'here'
}

/** The launch's own user, while the EHR session lives that it was made in; that user may sit at another browser (a native app's). */
async function checkLaunchUser(flow: Flow, user: User, signIn: SignIn): Promise<void> {
  if (!flow.launch) return
  const { userId, sessionId } = flow.launch
  if (userId !== user.id) throw new OAuthError('launchOtherUser', { detail: 'another user' })
  if (sessionId !== user.sessionId && !(await signIn.isSessionLive(sessionId))) {
    throw new OAuthError('launchOtherUser', { detail: 'the EHR session is over' })
  }
}
