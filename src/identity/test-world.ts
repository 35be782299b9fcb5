/** A server with identity alone, its stores in memory and its clock in hand, for the tests of this folder. */
import { type App, createApp } from '../http/app.ts'
import { createCsrf } from '../http/csrf.ts'
import type { InjectedReply } from '../http/inject.ts'
import { silentLog } from '../http/log.ts'
import { json } from '../http/reply.ts'
import { failurePage } from '../ui/error-page.ts'
import type { Account, StoredSession } from './account.ts'
import { createIdentity, type Identity } from './index.ts'
import type { AccountStore, IdentityEvent, SessionStore } from './ports.ts'
import { policyOf } from './test-policy.ts'

export interface World {
  readonly app: App
  readonly identity: Identity
  readonly events: IdentityEvent[]
  readonly sessions: Map<string, StoredSession>
  /** The time; tests move it. */
  readonly clock: { now: number }
  /** Opens the sign-in page and posts its form. */
  signIn(
    fields: Record<string, string>,
    options?: { cookies?: Record<string, string>; address?: string },
  ): Promise<InjectedReply>
}

/** Makes the world with these accounts; `/whoami` tells the signed-in account's id. */
export function createWorld(accounts: readonly Account[], baseUrl = 'http://localhost'): World {
  const events: IdentityEvent[] = []
  const sessions = new Map<string, StoredSession>()
  const clock = { now: Date.UTC(2026, 0, 1) }
  let secrets = 0
  const identity = createIdentity({
    accounts: accountsInMemory(accounts),
    sessions: sessionsInMemory(sessions),
    relations: { patientsInCareOf: async () => [], recordOf: async () => undefined, postsOf: async () => [] },
    policy: () => policyOf({}),
    consents: { active: async () => [] },
    emergencyAccess: { openFor: async () => [] },
    destinations: {
      formTargets: async (returnTo) => (returnTo.startsWith('/oauth/') ? ['https://app.example'] : []),
    },
    audit: { record: (event) => void events.push(event) },
    csrf: createCsrf('0123456789abcdef0123456789abcdef'),
    now: () => clock.now,
    ids: { secret: () => `${String(++secrets).padStart(4, '0')}${'s'.repeat(39)}` },
    sandbox: { password: 'sandbox', accounts: [{ username: 'dr.lin', about: () => 'physician' }] },
  })
  const app = createApp({
    routes: [
      ...identity.routes,
      {
        method: 'GET',
        path: '/whoami',
        handle: async (request) => json(200, (await identity.sessionOf(request))?.account.id ?? null),
      },
    ],
    log: silentLog,
    baseUrl,
    allowsOrigin: async () => false,
    failurePage,
  })
  return { app, identity, events, sessions, clock, signIn: (fields, options) => signIn(app, fields, options) }
}

async function signIn(
  app: App,
  fields: Record<string, string>,
  { cookies = {}, address = '192.0.2.1' }: { cookies?: Record<string, string>; address?: string } = {},
): Promise<InjectedReply> {
  const form = await app.inject({ url: '/account/sign-in?again=1', cookies })
  const token = /name="_csrf" value="([^"]+)"/.exec(form.body)?.[1] ?? ''
  return app.inject({
    url: '/account/sign-in',
    form: { _csrf: token, ...fields },
    cookies: { ...cookies, ...form.cookies },
    remoteAddress: address,
  })
}

function accountsInMemory(initial: readonly Account[]): AccountStore {
  const byId = new Map(initial.map((account) => [account.id, account]))
  const search = (fits: (account: Account) => boolean) => [...byId.values()].find(fits)
  return {
    find: async (id) => byId.get(id),
    findByUsername: async (username) => search((account) => account.username === username),
    findByRecord: async (reference) => search((account) => account.records.includes(reference)),
    list: async () => [...byId.values()],
    async add(account) {
      if (byId.has(account.id)) return false
      byId.set(account.id, account)
      return true
    },
    async replace(account) {
      if (!byId.has(account.id)) return false
      byId.set(account.id, account)
      return true
    },
  }
}

function sessionsInMemory(sessions: Map<string, StoredSession>): SessionStore {
  return {
    add: async (session) => void sessions.set(session.id, session),
    find: async (id) => sessions.get(id),
    findBySecret: async (secretHash) =>
      [...sessions.values()].find((session) => session.secretHash === secretHash),
    listOf: async (accountId) => [...sessions.values()].filter((session) => session.accountId === accountId),
    async renew(secretHash, session) {
      if (sessions.get(session.id)?.secretHash !== secretHash) return false
      sessions.set(session.id, session)
      return true
    },
    async touch(id, usedAt) {
      const session = sessions.get(id)
      if (session) sessions.set(id, { ...session, usedAt })
    },
    remove: async (id) => void sessions.delete(id),
    async removeOf(accountId, exceptId) {
      for (const session of sessions.values())
        if (session.accountId === accountId && session.id !== exceptId) sessions.delete(session.id)
    },
    async sweep(signedInBefore, usedBefore) {
      for (const { id, signedInAt, usedAt } of sessions.values())
        if (signedInAt <= signedInBefore || usedAt <= usedBefore) sessions.delete(id)
    },
  }
}
