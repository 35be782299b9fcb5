/**
 * Sessions: an opaque 256-bit value in a cookie, kept as its hash; they end when unused, after a fixed time, at sign-out,
 * and when the account is disabled. Every sign-in begins a new one, so that a planted value is worth nothing.
 */
import { createHash } from 'node:crypto'
import type { Cookie, HttpRequest } from '../http/route.ts'
import type { Account, StoredSession } from './account.ts'
import { SESSION_IDLE_LIMIT, SESSION_LIFETIME, SESSION_USE_PRECISION } from './durations.ts'
import type { AccountStore, SessionStore } from './ports.ts'

/** The cookie's bare name. */
export const SESSION_COOKIE = 'chartkey_session'
const SECRET = /^[A-Za-z0-9_-]{43}$/

/** The person at the browser. */
export interface Session {
  readonly account: Account
  /** Names the session without opening it. */
  readonly sessionId: string
  /** When the person proved who they are: milliseconds since 1970. */
  readonly authTime: number
}

/** Begins, finds and ends sessions. */
export interface Sessions {
  /** The live session of the request's cookie; asked of the store once a request. */
  of(request: HttpRequest): Promise<Session | undefined>
  /** Begins a session and ends the one the browser had; gives the cookies to set. */
  begin(account: Account, request: HttpRequest): Promise<Cookie[]>
  /** Ends the request's session; gives the cookies to set. */
  end(request: HttpRequest): Promise<Cookie[]>
  isLive(sessionId: string): Promise<boolean>
}

export interface SessionDeps {
  readonly sessions: SessionStore
  readonly accounts: AccountStore
  readonly now: () => number
  readonly ids: { secret(): string }
}

export function createSessions(deps: SessionDeps): Sessions {
  const asked = new WeakMap<HttpRequest, Promise<Session | undefined>>()

  async function load(id: string): Promise<{ stored: StoredSession; account: Account } | undefined> {
    const stored = await deps.sessions.find(id)
    if (!stored || isOver(stored, deps.now())) return undefined
    const account = await deps.accounts.find(stored.accountId)
    return account && !account.disabled ? { stored, account } : undefined
  }

  async function use(request: HttpRequest): Promise<Session | undefined> {
    const id = sessionIdOf(request)
    const found = id === undefined ? undefined : await load(id)
    if (!found) return undefined
    const { stored, account } = found
    if (deps.now() - stored.usedAt >= SESSION_USE_PRECISION) await deps.sessions.touch(stored.id, deps.now())
    return { account, sessionId: stored.id, authTime: stored.signedInAt }
  }

  async function forget(request: HttpRequest): Promise<void> {
    const id = sessionIdOf(request)
    if (id !== undefined) await deps.sessions.remove(id)
    asked.delete(request)
  }

  return {
    of(request) {
      const known = asked.get(request) ?? use(request)
      asked.set(request, known)
      return known
    },
    async begin(account, request) {
      await forget(request)
      const secret = deps.ids.secret()
      const at = deps.now()
      await deps.sessions.add({ id: hash(secret), accountId: account.id, signedInAt: at, usedAt: at })
      return [{ name: SESSION_COOKIE, value: secret }]
    },
    async end(request) {
      await forget(request)
      return [{ name: SESSION_COOKIE, value: '', maxAge: 0 }]
    },
    isLive: async (sessionId) => (await load(sessionId)) !== undefined,
  }
}

/** The session that these cookies begin; they have to be those of {@link Sessions.begin}. */
export function sessionIdIn(cookies: readonly Cookie[]): string {
  const cookie = cookies.find(({ name }) => name === SESSION_COOKIE)
  if (!cookie) throw new Error('these cookies begin no session')
  return hash(cookie.value)
}

function isOver(session: StoredSession, now: number): boolean {
  return now - session.usedAt >= SESSION_IDLE_LIMIT || now - session.signedInAt >= SESSION_LIFETIME
}

function sessionIdOf(request: HttpRequest): string | undefined {
  const secret = request.cookies[SESSION_COOKIE]
  return secret !== undefined && SECRET.test(secret) ? hash(secret) : undefined
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}
