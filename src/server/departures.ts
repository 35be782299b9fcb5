/** Whoever's session is ended, on whatever page or by whatever provider: the apps of that session are told. */
import type { SessionStore } from '../identity/ports.ts'
import type { IdentityStore, ProviderSessions } from '../identity/providers/ports.ts'

/** Writes down whom to tell that sessions of an account are over. */
export type Announce = (
  accountId: string,
  ended: { readonly only?: string; readonly except?: string; readonly gone?: true },
) => Promise<void>

/**
 * A session store that has `announce` write down whom to tell before a session is removed; and again when nothing more can be
 * given in it, for an app that was given something meanwhile.
 */
export function withDepartures(sessions: SessionStore, announce: Announce): SessionStore {
  return {
    ...sessions,
    async remove(id) {
      const session = await sessions.find(id)
      if (session) await announce(session.accountId, { only: id })
      await sessions.remove(id)
      if (session) await announce(session.accountId, { only: id })
    },
    async removeOf(accountId, exceptId) {
      const ended = exceptId === undefined ? {} : { except: exceptId }
      await announce(accountId, ended)
      await sessions.removeOf(accountId, exceptId)
      await announce(accountId, ended)
    },
  }
}

/** The same where an identity provider ends sessions: it is known afterwards only whose they were. */
export function withProviderDepartures(sessions: ProviderSessions, announce: Announce): ProviderSessions {
  return {
    ...sessions,
    async end(order, told, now) {
      const accounts = new Set<string>()
      const noted: typeof told = (accountId) => {
        accounts.add(accountId)
        return told(accountId)
      }
      const ended = await sessions.end(order, noted, now)
      for (const accountId of accounts) await announce(accountId, { gone: true })
      return ended
    },
  }
}

/** The same where an identity is disconnected: the sessions that began with it end. */
export function withUnlinkDepartures(identities: IdentityStore, announce: Announce): IdentityStore {
  return {
    ...identities,
    async unlink(accountId, issuer, issuers, told, now) {
      const removal = await identities.unlink(accountId, issuer, issuers, told, now)
      if (removal === 'removed') await announce(accountId, { gone: true })
      return removal
    },
  }
}
