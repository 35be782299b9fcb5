// Every app that was given access in a session is told that the session is over, whether it has that access still or not: its ID token names the
// session. Nothing can be given in a session that is over, so whoever has something by now is whom to tell. Back-Channel Logout 1.0 §2.5.
import type { UserGrant } from '../grant.ts'
import type { ClientStore, GrantStore } from '../ports.ts'
import type { EndedSession, LogoutNotice, LogoutNoticeStore } from './notice.ts'
import { sidOf } from './session-name.ts'

const DAY = 24 * 60 * 60 * 1000
/** No session lives longer, so no older grant can be of one. */
const LONGEST_SESSION = 7 * DAY
const mostAtOnce = 100

export interface AnnounceDeps {
  readonly clients: Pick<ClientStore, 'find'>
  readonly grants: Pick<GrantStore, 'madeOf'>
  readonly notices: Pick<LogoutNoticeStore, 'ended' | 'addAll'>
  readonly now: () => number
}

/** Writes down whom to tell of the sessions that have ended; two nodes that do so at once write the same. */
export async function announceLogouts(deps: AnnounceDeps): Promise<void> {
  for (;;) {
    const ended = await deps.notices.ended(mostAtOnce)
    for (const session of ended) await deps.notices.addAll(await noticesOf(session, deps), session)
    if (ended.length < mostAtOnce) return
  }
}

async function noticesOf({ id, userId }: EndedSession, deps: AnnounceDeps): Promise<LogoutNotice[]> {
  const grants = await deps.grants.madeOf(userId, deps.now() - LONGEST_SESSION)
  const meant = eachAppOnce(grants.filter(({ sessionId }) => sessionId === id))
  const notices = await Promise.all(meant.map((grant) => noticeFor(grant, deps)))
  return notices.filter((notice) => notice !== undefined)
}

function eachAppOnce(grants: readonly UserGrant[]): UserGrant[] {
  return [...new Map(grants.map((grant) => [grant.clientId, grant])).values()]
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
