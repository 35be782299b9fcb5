/**
 * A sign-in between its two factors: a secret in a cookie of this browser, ten minutes, once. It opens nothing but the
 * second step.
 */
import { createHash } from 'node:crypto'
import type { Cookie, HttpRequest } from '../../http/route.ts'
import type { Account } from '../account.ts'
import type { TicketStore } from '../credential-ports.ts'
import { SECOND_STEP_LIFETIME } from '../durations.ts'
import type { AccountStore } from '../ports.ts'
import type { Proven } from '../proven.ts'

const COOKIE = 'chartkey_second_step'
const SECRET = /^[A-Za-z0-9_-]{43}$/
const SECOND = 1000

/** A sign-in that waits. */
export interface Pending extends Proven {
  /** Names it, without opening it. */
  readonly hash: string
}

/** Begins, finds and ends sign-ins that wait for the second factor. */
export interface PendingSignIns {
  begin(proven: Proven): Promise<Cookie>
  of(request: HttpRequest): Promise<Pending | undefined>
  /** To one caller only: who gets it signs the person in. */
  take(pending: Pending): Promise<boolean>
  readonly forgetCookie: Cookie
}

export function createPendingSignIns(deps: {
  readonly tickets: TicketStore
  readonly accounts: AccountStore
  readonly now: () => number
  readonly ids: { secret(): string }
}): PendingSignIns {
  return {
    async begin({ account, methods, returnTo, provider }) {
      const secret = deps.ids.secret()
      await deps.tickets.add({
        purpose: 'second-step',
        hash: hash(secret),
        accountId: account.id,
        data: JSON.stringify({ methods, returnTo, provider, epoch: account.epoch }),
        expiresAt: deps.now() + SECOND_STEP_LIFETIME,
      })
      return { name: COOKIE, value: secret, maxAge: SECOND_STEP_LIFETIME / SECOND }
    },
    async of(request) {
      const secret = request.cookies[COOKIE]
      if (secret === undefined || !SECRET.test(secret)) return undefined
      const ticket = await deps.tickets.find('second-step', hash(secret), deps.now())
      const account: Account | undefined =
        ticket?.accountId === undefined ? undefined : await deps.accounts.find(ticket.accountId)
      if (!ticket || !account || account.disabled) return undefined
      const { epoch, ...proven } = JSON.parse(ticket.data) as Omit<Proven, 'account'> & Pick<Account, 'epoch'>
      // It may have been written down after what it is about was ended: then the first factor is worth nothing any more.
      return account.epoch === epoch ? { ...proven, account, hash: ticket.hash } : undefined
    },
    take: async (pending) => (await deps.tickets.take('second-step', pending.hash, deps.now())) !== undefined,
    forgetCookie: { name: COOKIE, value: '', maxAge: 0 },
  }
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}
