// Every app that was given access in a session is told that the session is over, whether it has that access still or not: its ID token names the
// session. Written down before anything is answered. Back-Channel Logout 1.0 §2.5.
import type { UserGrant } from '../grant.ts'
import type { ClientStore, GrantStore, SignIn } from '../ports.ts'
import type { LogoutNotice, LogoutNoticeStore } from './notice.ts'
import { sidOf } from './session-name.ts'

const DAY = 24 * 60 * 60 * 1000
/** No session lives longer, so no older grant can be of one. */
const LONGEST_SESSION = 7 * DAY

interface AnnounceDeps {
  readonly clients: Pick<ClientStore, 'find'>
  readonly grants: Pick<GrantStore, 'madeOf'>
  readonly notices: Pick<LogoutNoticeStore, 'addAll'>
  readonly signIn: Pick<SignIn, 'isSessionLive'>
  readonly now: () => number
}

/** Which sessions of a person are over: all, unless one is named, or one is kept, or only those that are gone already are meant. */
export interface EndedSessions {
  readonly only?: string
  readonly except?: string
  readonly gone?: true
}

/** Writes down whom to tell that sessions of this person are over. */
export async function announceLogout(
  userId: string,
  { only, except, gone }: EndedSessions,
  deps: AnnounceDeps,
): Promise<void> {
  const grants = await deps.grants.madeOf(userId, deps.now() - LONGEST_SESSION)
  const meant = grants.filter(
    ({ sessionId }) => (only === undefined || sessionId === only) && sessionId !== except,
  )
  const notices = await Promise.all(
    eachAppOnce(meant).map(async (grant) =>
      gone && (await deps.signIn.isSessionLive(grant.sessionId)) ? undefined : noticeFor(grant, deps),
    ),
  )
  await deps.notices.addAll(notices.filter((notice) => notice !== undefined))
}

function eachAppOnce(grants: readonly UserGrant[]): UserGrant[] {
  return [...new Map(grants.map((grant) => [`${grant.clientId}\n${grant.sessionId}`, grant])).values()]
}

async function noticeFor(grant: UserGrant, deps: AnnounceDeps): Promise<LogoutNotice | undefined> {
  const client = await deps.clients.find(grant.clientId)
  if (client?.backchannelLogoutUri === undefined || client.disabled) return undefined
  const sid = sidOf(grant.sessionId, client.id)
  return {
    // A session ends once: what was told, or waits to be, is not written down again.
    id: `logout_${sid}`,
    clientId: client.id,
    userId: grant.userId,
    sid,
    attempts: 0,
    dueAt: deps.now(),
  }
}
