/** The sessions of a store for who ends them by a command: the apps of a session are told of its end by whichever node runs. */

import { trailRules } from '../audit/chain.ts'
import { announceLogout } from '../authorization/logout/announce.ts'
import type { SessionStore } from '../identity/ports.ts'
import { createRecording } from '../store/audit.ts'
import { createClientStore } from '../store/clients.ts'
import { createGrantStore } from '../store/grants.ts'
import { createLogoutNoticeStore } from '../store/logout-notices.ts'
import { createSessionStore } from '../store/sessions.ts'
import type { Sql } from '../store/sql.ts'
import { decisionRecordsOver } from './decision-records.ts'
import { withDepartures } from './departures.ts'

/** The session store of a database, whose notices wait there for a server. */
export function departingSessions(sql: Sql, now: () => number): SessionStore {
  const sessions = createSessionStore(sql)
  const deps = {
    clients: createClientStore(sql),
    grants: createGrantStore(sql, createRecording(trailRules), decisionRecordsOver(sql, now)),
    notices: createLogoutNoticeStore(sql),
    signIn: { isSessionLive: async (id: string) => (await sessions.timesOf(id)) !== undefined },
    now,
  }
  return withDepartures(sessions, (accountId, ended) => announceLogout(accountId, ended, deps))
}
