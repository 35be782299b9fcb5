/** Who the person is: accounts, sessions, the pages to sign in and out, and what each person may do. */
import type { Cookie, HttpRequest, Route } from '../http/route.ts'
import type { Right } from '../smart/decision.ts'
import { canBreakGlass, type SitePolicy } from '../smart/policy.ts'
import type { HeldBack } from '../smart/slice.ts'
import type { Account } from './account.ts'
import { accountRoutes } from './account-page.ts'
import { capacitiesOf, ownIds, practitionersOf, selvesOf } from './capacities.ts'
import type { IdentityDeps } from './deps.ts'
import { FAILURES_REMEMBERED, SESSION_IDLE_LIMIT, SESSION_LIFETIME } from './durations.ts'
import { createHouse, type IdentityHouse } from './house.ts'
import { languageRoutes } from './language.ts'
import { resetRoutes } from './mail/reset.ts'
import { passkeySignInRoutes } from './passkeys/sign-in.ts'
import type { AccountStore } from './ports.ts'
import { rightsOf, systemRights } from './rights.ts'
import { secondStepRoutes } from './second-factor/second-step.ts'
import { isFresh } from './security/fresh.ts'
import { securityRoutes } from './security/index.ts'
import { sessionRoutes } from './session-list.ts'
import type { Session } from './sessions.ts'
import { signInRoutes } from './sign-in.ts'
import { signOut, signOutRoutes } from './sign-out.ts'
import type { SessionStart } from './start-session.ts'
import { type Reader, withheldFromReader } from './withheld.ts'

/** Rights and what is taken from them, as a decision needs them. */
export interface OwnRights {
  readonly rights: readonly Right[]
  readonly withheld: readonly HeldBack[]
}

/** What the other roles use, through ports of their own. */
export interface Identity {
  readonly routes: Route[]
  readonly accounts: AccountStore
  /** The signed-in person of a request; asked of the store once, however often it is called. */
  sessionOf(request: HttpRequest): Promise<Session | undefined>
  isSessionLive(sessionId: string): Promise<boolean>
  /** Whether the person proved who they are within the last 15 minutes, with the second factor where they have one. */
  isFresh(session: Session): Promise<boolean>
  /** Signs the person at the browser out; gives the cookies to set. */
  signOut(request: HttpRequest): Promise<Cookie[]>
  /** Whether the account exists and is enabled. */
  isUserActive(accountId: string): Promise<boolean>
  /** Signs a browser in, by whatever proved who the person is (`ehr` for an EHR's word). */
  startSession: SessionStart['startSession']
  /** What the person may do now, and what is withheld from them. */
  rightsOf(account: Account): Promise<OwnRights>
  /** What an app may do that acts for itself: everything that its scopes say, less what policy withholds from such apps. */
  rightsOfSystem(): Promise<OwnRights>
  /** Whether the person has one of these roles, or holds one of these posts (`system|code`). */
  isOneOf(account: Account, rolesOrPosts: readonly string[]): Promise<boolean>
  /** Whether breaking the glass could show this person anything of any record. */
  canBreakGlass(account: Account): Promise<boolean>
  /** Of a patient account: the ids of their own record first, then of those they act for now. */
  ownPatients(account: Account): Promise<string[]>
  /** Forgets sessions, attempts and links that are over. */
  sweep(): Promise<void>
}

export function createIdentity(deps: IdentityDeps): Identity {
  const { accounts, now } = deps
  const house = createHouse(deps)
  const { running, start } = house
  const own = createOwnRights(deps)
  return {
    routes: [
      ...signInRoutes(house),
      ...secondStepRoutes(house),
      ...passkeySignInRoutes(house),
      ...signOutRoutes(deps, running),
      ...accountRoutes(house),
      ...sessionRoutes(house),
      ...securityRoutes(house),
      ...resetRoutes(house),
      ...languageRoutes(deps.home ?? '/account'),
      ...routesOfProviders(house),
    ],
    accounts,
    sessionOf: (request) => running.of(request),
    isSessionLive: (sessionId) => running.isLive(sessionId),
    isFresh: (session) => isFresh(session, house),
    signOut: (request) => signOut(deps, running, request),
    isUserActive: (accountId) => accounts.isActive(accountId),
    startSession: start.startSession,
    ...own,
    async sweep() {
      await deps.sessions.sweep(now() - SESSION_LIFETIME, now() - SESSION_IDLE_LIMIT)
      await deps.attempts.sweep(now() - FAILURES_REMEMBERED)
      await deps.tickets.sweep(now())
      await deps.providers?.visits.sweep(now())
      await deps.providers?.invitations.sweep(now())
    },
  }
}

function routesOfProviders(house: IdentityHouse): Route[] {
  const { providers, accounts, throttle, csrf, now, home = '/account' } = house
  if (!providers?.routes) return []
  return providers.routes({
    ...providers,
    accounts,
    throttle,
    csrf,
    now,
    home,
    sessionOf: (request) => house.running.of(request),
    isFresh: (session) => isFresh(session, house),
    letKnow: house.letKnow,
    completeSignIn: house.start.completeSignIn,
  })
}

/** The answers about people's rights. */
function createOwnRights(
  deps: IdentityDeps,
): Pick<Identity, 'rightsOf' | 'rightsOfSystem' | 'isOneOf' | 'canBreakGlass' | 'ownPatients'> {
  const { relations, policy, consents, emergencyAccess, now } = deps
  const capacities = (account: Account) => capacitiesOf(account, relations, policy(), now())

  async function withheld(reader: Reader, site: SitePolicy): Promise<HeldBack[]> {
    return withheldFromReader(reader, site, site.consents ? await consents.active() : [], now())
  }

  return {
    async rightsOf(account) {
      const site = policy()
      const [found, glassBroken] = await Promise.all([
        capacitiesOf(account, relations, site, now()),
        emergencyAccess.openFor(account.id, now()),
      ])
      const reader = { capacities: found, glassBroken, references: selvesOf(account), own: ownIds(account) }
      const [rights, held] = await Promise.all([
        rightsOf(account, found, relations, site),
        withheld(reader, site),
      ])
      return { rights, withheld: held }
    },
    async rightsOfSystem() {
      const capacity = { role: 'system', posts: [] } as const
      const reader = { capacities: [capacity], glassBroken: [], references: [], own: [] }
      return { rights: systemRights, withheld: await withheld(reader, policy()) }
    },
    async isOneOf(account, rolesOrPosts) {
      if (rolesOrPosts.length === 0) return false
      const roles = (await capacities(account)).map(({ role }) => role as string)
      const held = roles.includes('clinician') ? await relations.postsOf(practitionersOf(account)) : []
      return [...roles, ...held].some((one) => rolesOrPosts.includes(one))
    },
    async canBreakGlass(account) {
      const { withhold, consents: honoured } = policy()
      const ofConsents = honoured && { name: 'consents', what: [], from: ['clinician'] as const, ...honoured }
      const rules = [...withhold, ...(ofConsents ? [ofConsents] : [])]
      return canBreakGlass(rules, { capacities: await capacities(account), glassBroken: [] })
    },
    async ownPatients(account) {
      const found = await capacities(account)
      return found.flatMap(({ patients = [] }) => patients)
    },
  }
}
