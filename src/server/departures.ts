/** Whoever's session is ended, on whatever page: the apps of that session are told. */
import type { SessionStore } from '../identity/ports.ts'

/** A session store that has `announce` write down whom to tell before a session is removed. */
export function withDepartures(
  sessions: SessionStore,
  announce: (accountId: string, sessionId?: string) => Promise<void>,
): SessionStore {
  return {
    ...sessions,
    async remove(id) {
      const session = await sessions.find(id)
      if (session) await announce(session.accountId, id)
      await sessions.remove(id)
    },
    async removeOf(accountId) {
      await announce(accountId)
      await sessions.removeOf(accountId)
    },
  }
}
