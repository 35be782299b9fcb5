// Logout tokens on their way: signed anew for each try, tried again a bounded number of times, by one node at a time. Back-Channel Logout 1.0 §2.4 to §2.8.
import type { Outbound } from '../../http/outbound.ts'
import type { Signer } from '../jwt.ts'
import { type AnnounceDeps, announceLogouts } from './announce.ts'
import type { LogoutNotice, LogoutNoticeStore } from './notice.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** How long to wait after each failure; after the last one it is given up. */
const waits = [5 * SECOND, 30 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR]
/** Longer than a try can take: a node that died in the middle of one is not waited for longer. */
const LEASE = MINUTE
const TOKEN_LIFETIME = 2 * MINUTE
const mostAtOnce = 20
const limits = { accept: 'application/json', maxBytes: 16 * 1024, timeout: 10 * SECOND }
const event = 'http://schemas.openid.net/event/backchannel-logout'

export interface DeliverDeps extends AnnounceDeps {
  readonly baseUrl: string
  readonly notices: LogoutNoticeStore
  readonly outbound: Pick<Outbound, 'post'>
  readonly signLogoutToken: Signer
}

/** Sends what is due, also of the sessions that have ended since; resolves when each was tried once. */
export async function deliverLogouts(deps: DeliverDeps): Promise<void> {
  await announceLogouts(deps)
  const now = deps.now()
  const due = await deps.notices.take(now, now + LEASE, mostAtOnce)
  await Promise.all(due.map((notice) => deliver(notice, deps)))
}

async function deliver(notice: LogoutNotice, deps: DeliverDeps): Promise<void> {
  const client = await deps.clients.find(notice.clientId)
  const address = client?.disabled ? undefined : client?.backchannelLogoutUri
  // An app that is gone, or wants to hear nothing any more.
  if (address === undefined) return deps.notices.finish(notice.id, deps.now())
  const body = new URLSearchParams({ logout_token: await logoutToken(notice, deps) }).toString()
  const contentType = 'application/x-www-form-urlencoded'
  const answer = await deps.outbound.post(address, { ...limits, body, contentType })
  const isTold = 'status' in answer && answer.status >= 200 && answer.status < 300
  // To a refusal of the token the next one would be no better.
  const isRefused = 'status' in answer && answer.status === 400
  const wait = waits[notice.attempts]
  if (isTold || isRefused || wait === undefined) return deps.notices.finish(notice.id, deps.now())
  await deps.notices.postpone(notice.id, notice.attempts + 1, deps.now() + wait)
}

function logoutToken(notice: LogoutNotice, deps: DeliverDeps): Promise<string> {
  const issuedAt = Math.floor(deps.now() / SECOND)
  return deps.signLogoutToken({
    iss: deps.baseUrl,
    aud: notice.clientId,
    iat: issuedAt,
    exp: issuedAt + TOKEN_LIFETIME / SECOND,
    jti: notice.id,
    sub: notice.userId,
    sid: notice.sid,
    events: { [event]: {} },
  })
}
