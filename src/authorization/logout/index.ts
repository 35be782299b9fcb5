/**
 * `/oauth/logout`: an app sends its user to be signed out. Without an ID token of the very session at the browser the
 * person is asked, because any page may send them here. @see OpenID Connect RP-Initiated Logout 1.0
 */
import type { Csrf } from '../../http/csrf.ts'
import { redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { OAuthError } from '../errors.ts'
import { continuePage } from '../pages/continue.ts'
import { farewellPage, logoutPage } from '../pages/logout.ts'
import type { SignIn, User } from '../ports.ts'
import { checkLogoutRequest, type LogoutRequest } from './check-request.ts'
import { sidOf } from './session-name.ts'

const path = '/oauth/logout'

type CheckDeps = Parameters<typeof checkLogoutRequest>[1]

export interface LogoutDeps extends CheckDeps {
  readonly signIn: Pick<SignIn, 'currentUser' | 'endSession'>
  readonly csrf: Csrf
}

/** Takes a logout request by GET. */
export async function showLogout(request: HttpRequest, deps: LogoutDeps): Promise<HttpReply> {
  const asked = await checkLogoutRequest(request.query, deps)
  const user = await deps.signIn.currentUser(request)
  if (!user) return mayHaveHiddenCookies(request) ? continuePage(request) : goodbye(asked, request)
  return isOfThisSession(asked, user)
    ? end(asked, request, deps)
    : logoutPage(request, asked, user, deps.csrf.field(request))
}

/** Takes a logout request by POST, or the answer of our own page. */
export async function answerLogout(request: HttpRequest, deps: LogoutDeps): Promise<HttpReply> {
  if (request.form.get('decision') === undefined) {
    // Another site's form comes without cookies: the same request from here brings them.
    const query = new URLSearchParams(
      request.form.entries.map(([name, value]): [string, string] => [name, value]),
    )
    return redirect(`${path}?${query}`)
  }
  const asked = await checkLogoutRequest(request.form, deps)
  if (!deps.csrf.check(request)) throw new OAuthError('formForged')
  return end(asked, request, deps)
}

/** Whether the app shows the ID token that it got in the session at the browser. */
function isOfThisSession({ hint }: LogoutRequest, user: User): boolean {
  return hint !== undefined && hint.sub === user.id && hint.sid === sidOf(user.sessionId, hint.aud)
}

async function end(asked: LogoutRequest, request: HttpRequest, deps: LogoutDeps): Promise<HttpReply> {
  const cookies = await deps.signIn.endSession(request)
  const reply = asked.target === undefined ? farewellPage(request, asked) : redirect(asked.target)
  return { ...reply, cookies }
}

/** Nobody is signed in: an app that has shown an ID token is answered, anybody else gets a page. */
function goodbye(asked: LogoutRequest, request: HttpRequest): HttpReply {
  return asked.hint && asked.target !== undefined ? redirect(asked.target) : farewellPage(request, asked)
}

/** Behind another site's link, in a frame, cookies stay at home; a step from our own page brings them. */
function mayHaveHiddenCookies(request: HttpRequest): boolean {
  return request.headers['sec-fetch-site'] === 'cross-site' && request.query.get('from') !== 'here'
}
