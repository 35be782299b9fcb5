/** What mail needs from others, and what others need of it. */
import type { Locale } from '../../ui/locale.ts'
import type { AccountChange } from '../ports.ts'

/** Something that is to be written to somebody. */
export type Letter =
  /** For whoever has this user name or address: whether anybody has is found out when it is written. */
  | { readonly kind: 'reset'; readonly typed: string; readonly locale: Locale }
  /** To prove that an address is the account's. */
  | { readonly kind: 'address'; readonly to: string; readonly accountId: string; readonly locale: Locale }
  /** Something changed about how the account is signed in to. */
  | {
      readonly kind: 'notice'
      readonly to: string
      readonly accountId: string
      readonly change: AccountChange
    }

/** Takes letters; when it resolves, the letter is not lost any more. */
export interface Post {
  post(letter: Letter): Promise<void>
}

/** A letter that waits. */
export interface QueuedLetter {
  readonly id: string
  readonly letter: Letter
  readonly postedAt: number
  /** How often it was tried before. */
  readonly tries: number
}

/** Letters that wait, for whichever node comes first. */
export interface OutboxStore {
  add(letter: QueuedLetter): Promise<void>
  /** The letter that has waited longest, for nobody else until `until`; nothing when none is due. */
  claim(now: number, until: number): Promise<QueuedLetter | undefined>
  remove(id: string): Promise<void>
  /** Tries again at `at`. */
  postpone(id: string, at: number): Promise<void>
}

/** Hands a finished mail to a mail server; rejects when it was not taken. */
export interface Mailer {
  send(mail: { readonly to: string; readonly subject: string; readonly text: string }): Promise<void>
}
