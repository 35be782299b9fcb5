/**
 * Sessions: an opaque 256-bit value in a cookie, kept as its hash; they end when unused, after a fixed time, at sign-out,
 * and when the account is disabled. Every sign-in gives the browser a new value, so that a planted one is worth nothing.
 * A person who signs in again where they are signed in keeps the session, and with it what hangs on it: only its value
 * is another.
 */
import { createHash } from 'node:crypto'
import type { Cookie, HttpRequest } from '../http/route.ts'
import type { Account, AsProven, ProviderSession, StoredSession } from './account.ts'
import { SESSION_IDLE_LIMIT, SESSION_LIFETIME, SESSION_USE_PRECISION } from './durations.ts'
import type { AccountStore, SessionStore, SessionTimes } from './ports.ts'

/** The cookie's bare name. */
export const SESSION_COOKIE = 'chartkey_session'
const noSession: Cookie = { name: SESSION_COOKIE, value: '', maxAge: 0 }
const LONGEST_AGENT = 256
const SECRET = /^[A-Za-z0-9_-]{43}$/

/** The person at the browser. */
export interface Session {
  readonly account: Account
  /** Names the session without opening it. */
  readonly sessionId: string
  /** When it began, or the person last proved who they are: milliseconds since 1970. */
  readonly signedInAt: number
  /** When the person proved who they are, wherever that was: milliseconds since 1970; absent when nobody knows. */
  readonly authTime?: number
  /** How: `pwd`, `otp`, `pop`, `mfa` and the like (RFC 8176). */
  readonly methods: readonly string[]
  /** The sign-in at an identity provider that it began with. */
  readonly provider?: ProviderSession
}

/** What became of beginning a session. */
export interface Begun {
  /** The id of the session; absent when none began. */
  readonly sessionId?: string
  /** To set, whether one began or not. */
  readonly cookies: readonly Cookie[]
}

/** Begins, finds and ends sessions. */
export interface Sessions {
  /** The live session of the request's cookie; asked of the store once a request. */
  of(request: HttpRequest): Promise<Session | undefined>
  /**
   * Begins a session and ends that of anybody else in the browser; gives the cookies to set. No session begins where what
   * was proved has been ended meanwhile: by another password, by disabling, or by disconnecting the identity. `provenAt` is
   * when the person proved who they are by all of `methods`; default now. `toldAt` is when they signed in to an EHR on whose
   * word alone it begins, if that said so. See {@link createSessionStart}.
   */
  begin(
    account: AsProven,
    methods: readonly string[],
    request: HttpRequest,
    provider?: ProviderSession,
    times?: { readonly provenAt?: number; readonly toldAt?: number },
  ): Promise<Begun>
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

  async function load(secretHash: string): Promise<{ stored: StoredSession; account: Account } | undefined> {
    const stored = await deps.sessions.findBySecret(secretHash)
    if (!stored || isOver(stored, deps.now())) return undefined
    const account = await deps.accounts.find(stored.accountId)
    return account && !account.disabled ? { stored, account } : undefined
  }

  async function use(request: HttpRequest): Promise<Session | undefined> {
    const secretHash = secretHashOf(request)
    const found = secretHash === undefined ? undefined : await load(secretHash)
    if (!found) return undefined
    const { stored, account } = found
    if (deps.now() - stored.usedAt >= SESSION_USE_PRECISION) await deps.sessions.touch(stored.id, deps.now())
    return sessionFrom(stored, account)
  }

  async function forget(request: HttpRequest): Promise<void> {
    const secretHash = secretHashOf(request)
    const stored = secretHash === undefined ? undefined : await deps.sessions.findBySecret(secretHash)
    if (stored) await deps.sessions.remove(stored.id)
  }

  /** The id of the browser's session if that is this account's, and now is this one. */
  async function renew(
    next: StoredSession,
    account: AsProven,
    request: HttpRequest,
  ): Promise<string | undefined> {
    const secretHash = secretHashOf(request)
    if (secretHash === undefined) return undefined
    const before = await load(secretHash)
    if (before?.account.id !== next.accountId) return undefined
    const { id } = before.stored
    const renewed = { ...next, ...providerAfter(before.stored, next), id }
    return (await deps.sessions.renew(secretHash, renewed, account)) ? id : undefined
  }

  return {
    of(request) {
      const known = asked.get(request) ?? use(request)
      asked.set(request, known)
      return known
    },
    async begin(account, methods, request, provider, { provenAt = deps.now(), toldAt } = {}) {
      const secret = deps.ids.secret()
      const next = {
        ...sessionOf(account, methods, request, secret, deps.now()),
        signedInAt: provenAt,
        ...(provider && { provider }),
        ...(toldAt !== undefined && { toldAt }),
      }
      asked.delete(request)
      const cookies = [{ name: SESSION_COOKIE, value: secret }]
      const renewed = await renew(next, account, request)
      if (renewed !== undefined) return { sessionId: renewed, cookies }
      await forget(request)
      return (await deps.sessions.add(next, account))
        ? { sessionId: next.id, cookies }
        : { cookies: [noSession] }
    },
    async end(request) {
      await forget(request)
      asked.delete(request)
      return [noSession]
    },
    async isLive(sessionId) {
      const times = await deps.sessions.timesOf(sessionId)
      return times !== undefined && !isOver(times, deps.now())
    },
  }
}

function sessionOf(
  account: AsProven,
  methods: readonly string[],
  request: HttpRequest,
  secret: string,
  at: number,
): StoredSession {
  const agent = request.headers['user-agent']?.slice(0, LONGEST_AGENT)
  const secretHash = hash(secret)
  return {
    id: secretHash,
    secretHash,
    accountId: account.id,
    signedInAt: at,
    usedAt: at,
    methods,
    address: request.remoteAddress,
    ...(agent !== undefined && { agent }),
  }
}

/** A provider at which a session began may still end it, wherever the person proved who they are since. */
function providerAfter({ provider }: StoredSession, next: StoredSession): Pick<StoredSession, 'provider'> {
  if (next.provider || !provider) return {}
  return { provider: { ...provider, authenticatedAt: next.signedInAt } }
}

function sessionFrom(stored: StoredSession, account: Account): Session {
  const { id: sessionId, signedInAt, methods, provider } = stored
  const authTime = authTimeOf(stored)
  return {
    account,
    sessionId,
    signedInAt,
    methods,
    ...(authTime !== undefined && { authTime }),
    ...(provider && { provider }),
  }
}

/** An EHR sends people who are signed in there: when a session here began on its word, nobody proved anything. */
function authTimeOf({ provider, toldAt, methods, signedInAt }: StoredSession): number | undefined {
  return provider?.authenticatedAt ?? (isByWord(methods) ? toldAt : signedInAt)
}

/** Whether a session is by the word of an EHR alone. */
export function isByWord(methods: readonly string[]): boolean {
  return methods.every((method) => method === 'ehr')
}

/** Whether a session has ended by itself. */
export function isOver({ signedInAt, usedAt }: SessionTimes, now: number): boolean {
  return now - usedAt >= SESSION_IDLE_LIMIT || now - signedInAt >= SESSION_LIFETIME
}

function secretHashOf(request: HttpRequest): string | undefined {
  const secret = request.cookies[SESSION_COOKIE]
  return secret !== undefined && SECRET.test(secret) ? hash(secret) : undefined
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}
