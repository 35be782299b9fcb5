/**
 * Letters on their way: posted durably with the request, written and sent by whichever node comes first, tried again while
 * the mail server does not take them. Only here is it found out whether somebody has an account, so no answer at the door
 * can tell, by its words or by its time.
 */
import { createHash, randomUUID } from 'node:crypto'
import { type Account, normalUsername } from '../account.ts'
import type { CredentialStore, TicketPurpose, TicketStore } from '../credential-ports.ts'
import { LINK_LIFETIME } from '../durations.ts'
import type { AccountStore } from '../ports.ts'
import { CONFIRM_EMAIL, parseEmail } from '../security/email.ts'
import { SECURITY } from '../security/path.ts'
import type { Throttle } from '../throttle.ts'
import { addressLetter, noticeLetter, resetLetter } from './letters.ts'
import { RESET_PASSWORD } from './path.ts'
import type { Letter, Mailer, OutboxStore, Post, QueuedLetter } from './ports.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** A letter is sent within this time, or some other node sends it. */
const SENDING = 2 * MINUTE
const FIRST_PAUSE = 1 * MINUTE
const LONGEST_PAUSE = 30 * MINUTE
/** Who asked to be let in has given up by then; a notice is news for longer. */
const KEPT: Readonly<Record<Letter['kind'], number>> = { reset: HOUR, address: HOUR, notice: 24 * HOUR }
/** Letters with links to one account before the first wait, so that nobody can flood an inbox. */
const RESETS = 3

export interface DeliveryDeps {
  readonly outbox: OutboxStore
  readonly mailer: Mailer
  readonly accounts: AccountStore
  readonly credentials: CredentialStore
  readonly tickets: TicketStore
  readonly throttle: Throttle
  readonly baseUrl: string
  readonly now: () => number
  readonly ids: { secret(): string }
  /** Told of a letter that could not be sent. */
  readonly warn: (error: unknown, message: string) => void
}

/** The post, and the work behind it. */
export interface Delivery extends Post {
  /** Sends what is due, to its end; never rejects. */
  work(): Promise<void>
}

export function createDelivery(deps: DeliveryDeps): Delivery {
  const { outbox, now } = deps
  let working: Promise<void> | undefined

  async function sendAll(): Promise<void> {
    for (;;) {
      const queued = await outbox.claim(now(), now() + SENDING)
      if (!queued) return
      await sendOne(queued)
    }
  }

  async function sendOne({ id, letter, postedAt, tries }: QueuedLetter): Promise<void> {
    if (now() - postedAt >= KEPT[letter.kind]) {
      deps.warn(undefined, `a letter (${letter.kind}) could not be sent in time and is given up`)
      return outbox.remove(id)
    }
    try {
      await deliver(letter, postedAt, deps)
      await outbox.remove(id)
    } catch (error) {
      deps.warn(error, `a letter (${letter.kind}) could not be sent; it will be tried again`)
      await outbox.postpone(id, now() + Math.min(FIRST_PAUSE * 2 ** tries, LONGEST_PAUSE))
    }
  }

  const delivery: Delivery = {
    async post(letter) {
      await outbox.add({ id: randomUUID(), letter, postedAt: now(), tries: 0 })
      // Nobody waits for it: how long it takes tells whether there is somebody to write to.
      setImmediate(() => void delivery.work())
    },
    work() {
      working ??= sendAll()
        .catch((error) => deps.warn(error, 'letters could not be read'))
        .finally(() => {
          working = undefined
        })
      return working
    },
  }
  return delivery
}

async function deliver(letter: Letter, postedAt: number, deps: DeliveryDeps): Promise<void> {
  switch (letter.kind) {
    case 'reset':
      return sendResets(letter, deps)
    case 'address': {
      const account = await deps.accounts.find(letter.accountId)
      if (!account || account.disabled) return
      const link = await linkFor('address', account, { to: letter.to }, CONFIRM_EMAIL, deps)
      const locale = account.locale ?? letter.locale
      return deps.mailer.send({ to: letter.to, ...addressLetter(locale, account, link) })
    }
    case 'notice': {
      const account = await deps.accounts.find(letter.accountId)
      if (!account) return
      const told = { change: letter.change, at: postedAt, page: deps.baseUrl + SECURITY }
      return deps.mailer.send({ to: letter.to, ...noticeLetter(account.locale ?? 'en', account, told) })
    }
  }
}

async function sendResets(
  { typed, locale }: Extract<Letter, { kind: 'reset' }>,
  deps: DeliveryDeps,
): Promise<void> {
  for (const account of await accountsOf(typed, deps)) {
    // Who has no password here signs in elsewhere, and nobody gets one by mail.
    if (account.disabled || account.email === undefined || account.passwordHash === undefined) continue
    const budget = { of: `reset letters\n${account.id}`, free: RESETS }
    if ((await deps.throttle.attempt([budget], deps.now())) > 0) continue
    const link = await linkFor('reset', account, { to: account.email }, RESET_PASSWORD, deps)
    await deps.mailer.send({ to: account.email, ...resetLetter(account.locale ?? locale, account, link) })
  }
}

async function accountsOf(typed: string, { accounts, credentials }: DeliveryDeps): Promise<Account[]> {
  const email = parseEmail(typed)
  const ids = email === undefined ? [] : await credentials.accountsWithEmail(email)
  const found = await Promise.all([
    accounts.findByUsername(normalUsername(typed)),
    ...ids.map((id) => accounts.find(id)),
  ])
  const byId = new Map(found.flatMap((account) => (account ? [[account.id, account] as const] : [])))
  return [...byId.values()]
}

/** A new link, which takes the place of one that the account had for the same. */
async function linkFor(
  purpose: TicketPurpose,
  account: Account,
  data: object,
  path: string,
  { tickets, ids, now, baseUrl }: DeliveryDeps,
): Promise<string> {
  const token = ids.secret()
  await tickets.replace({
    purpose,
    hash: createHash('sha256').update(token).digest('base64url'),
    accountId: account.id,
    data: JSON.stringify(data),
    expiresAt: now() + LINK_LIFETIME,
  })
  return `${baseUrl}${path}?token=${token}`
}
