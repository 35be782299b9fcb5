/** Who the person is: accounts, sessions, the pages to sign in and out, and what each person may do. */
import type { Cookie, HttpRequest, Route } from '../http/route.ts'
import type { Right } from '../smart/decision.ts'
import type { Slice } from '../smart/slice.ts'
import type { Account } from './account.ts'
import { accountRoutes } from './account-page.ts'
import type { IdentityDeps } from './deps.ts'
import { SESSION_IDLE_LIMIT, SESSION_LIFETIME } from './durations.ts'
import { languageRoutes } from './language.ts'
import type { AccountStore } from './ports.ts'
import { rememberRelations } from './remembered-relations.ts'
import { ownPatients, rightsOf, withheldFrom } from './rights.ts'
import { createSessions, type Session } from './sessions.ts'
import { signInRoutes } from './sign-in.ts'
import { signOutRoutes } from './sign-out.ts'

/** What the other roles use, through ports of their own. */
export interface Identity {
  readonly routes: Route[]
  readonly accounts: AccountStore
  /** The signed-in person of a request; asked of the store once, however often it is called. */
  sessionOf(request: HttpRequest): Promise<Session | undefined>
  isSessionLive(sessionId: string): Promise<boolean>
  /** Whether the account exists and is enabled. */
  isUserActive(accountId: string): Promise<boolean>
  /** Signs a browser in on somebody else's word, such as an EHR's; gives the cookies to set. */
  signInAs(account: Account, request: HttpRequest): Promise<Cookie[]>
  rightsOf(account: Account): Promise<Right[]>
  withheldFrom(account: Account): Slice[]
  /** Of a patient account: the ids of their own record first, then of those they act for now. */
  ownPatients(account: Account): Promise<string[]>
  /** Forgets sessions that are over. */
  sweep(): Promise<void>
}

export function createIdentity(deps: IdentityDeps): Identity {
  const { accounts, now } = deps
  const sessions = createSessions(deps)
  const relations = rememberRelations(deps.relations, now)
  return {
    routes: [
      ...signInRoutes(deps, sessions),
      ...signOutRoutes(deps, sessions),
      ...accountRoutes(deps, sessions),
      ...languageRoutes(deps.home ?? '/account'),
    ],
    accounts,
    sessionOf: (request) => sessions.of(request),
    isSessionLive: (sessionId) => sessions.isLive(sessionId),
    isUserActive: async (accountId) => (await accounts.find(accountId))?.disabled === false,
    signInAs: (account, request) => sessions.begin(account, request),
    rightsOf: (account) => rightsOf(account, relations, now()),
    withheldFrom,
    ownPatients: (account) => ownPatients(account, relations, now()),
    sweep: () => deps.sessions.sweep(now() - SESSION_LIFETIME, now() - SESSION_IDLE_LIMIT),
  }
}
