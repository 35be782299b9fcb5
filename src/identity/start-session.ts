/**
 * The end of every way to sign in, whatever the person proved who they are with: on record, then a session with a new
 * secret, and back to where they were going. Passwords, passkeys, identity providers and launches all end here.
 * @see OWASP ASVS 4.0, 3.2.1 (a new session at each sign-in) and 7.1.3 (sign-ins are on record)
 */
import { redirect } from '../http/reply.ts'
import type { Cookie, HttpReply, HttpRequest } from '../http/route.ts'
import type { Account } from './account.ts'
import { localeCookie } from './language.ts'
import type { Audit } from './ports.ts'
import type { Sessions } from './sessions.ts'

/** A person who has proved who they are, by one factor or more. */
export interface Proven {
  readonly account: Account
  /** By the names of RFC 8176: `pwd`, `otp`, `pop`, `mfa`; besides `fed` (an identity provider's word) and `ehr` (an EHR's word). */
  readonly methods: readonly string[]
  /** A page of this server, see {@link parseReturnTo}. */
  readonly returnTo: string
}

/** How sign-ins end. */
export interface SessionStart {
  /** Begins the session, with nothing more asked; gives the cookies to set. */
  startSession(account: Account, methods: readonly string[], request: HttpRequest): Promise<Cookie[]>
  /** Goes on after a first factor: begins the session and sends the person where they were going. */
  completeSignIn(proven: Proven, request: HttpRequest): Promise<HttpReply>
}

/** Makes the step that all ways to sign in share. */
export function createSessionStart({
  sessions,
  audit,
}: {
  readonly sessions: Sessions
  readonly audit: Audit
}): SessionStart {
  async function startSession(account: Account, methods: readonly string[], request: HttpRequest) {
    const { id: requestId, remoteAddress: address } = request
    const { id: accountId, fhirUser } = account
    await audit.record({ action: 'signed-in', requestId, address, accountId, fhirUser, methods })
    const cookies = await sessions.begin(account, methods, request)
    return account.locale ? [...cookies, localeCookie(account.locale)] : cookies
  }

  return {
    startSession,
    async completeSignIn({ account, methods, returnTo }, request) {
      return { ...redirect(returnTo), cookies: await startSession(account, methods, request) }
    },
  }
}
