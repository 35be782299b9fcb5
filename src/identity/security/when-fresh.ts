/** Enforces a fresh proof before a page of `/account/security`, and a form of ours before a change. See {@link isFresh}. */
import { redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest, Route } from '../../http/route.ts'
import type { IdentityHouse } from '../house.ts'
import { signInUrl } from '../return-to.ts'
import type { Session } from '../sessions.ts'
import { isFresh } from './fresh.ts'
import { SECURITY } from './path.ts'

/** Who is not signed in, or not freshly, signs in first and comes back; a form that is not ours changes nothing. */
export function whenFresh(
  house: IdentityHouse,
  what: 'show' | 'change',
  handle: (request: HttpRequest, session: Session) => Promise<HttpReply>,
): Route['handle'] {
  return async (request) => {
    const returnTo =
      request.method === 'GET' && request.search !== '' ? `${request.path}?${request.search}` : undefined
    const back = what === 'show' ? (returnTo ?? request.path) : SECURITY
    const session = await house.running.of(request)
    if (!session) return redirect(signInUrl(back))
    if (!(await isFresh(session, house)))
      return redirect(signInUrl(back, { again: true, username: session.account.username }))
    if (what === 'change' && !house.csrf.check(request)) return redirect(`${SECURITY}?told=expired`)
    return handle(request, session)
  }
}
