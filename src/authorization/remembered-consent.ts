/**
 * What a person decided about an app, kept for the next time. It says nothing about access that the app holds: it only
 * answers the question of the consent page. @see ADR 0029
 */
import { createHash } from 'node:crypto'
import { type Client, isConfidential } from './client.ts'
import type { LaunchKind } from './grant.ts'

const DAY = 24 * 60 * 60 * 1000
/** How long a decision is remembered where the site says nothing, in milliseconds. */
export const REMEMBERED_FOR = 365 * DAY

/** What one decision is about: who decided about which app, on which record, for which kind of launch. */
export interface ConsentKey {
  readonly userId: string
  readonly clientId: string
  readonly patient?: string
  readonly launch: LaunchKind
}

/** A decision; times are milliseconds since 1970. */
export interface RememberedConsent extends ConsentKey {
  /** Every scope that the page offered. */
  readonly asked: string
  /** Those that were allowed, in the words in which they were. */
  readonly granted: string
  /** What the app said of itself then: {@link digestOf}. */
  readonly client: string
  readonly decidedAt: number
  readonly expiresAt: number
}

/** Remembered decisions. They are written, and relied on, with the code: see `FlowStore.move`. */
export interface RememberedConsentStore {
  find(key: ConsentKey): Promise<RememberedConsent | undefined>
  /** A person's decisions that have not expired by `now`, the newest first. */
  listOf(userId: string, now: number): Promise<RememberedConsent[]>
  /** Forgets all that a person decided about an app; its records say so from then on. */
  forget(userId: string, clientId: string): Promise<void>
  /** Forgets decisions that expired before `now`, and says so in the records of those that are over. */
  sweep(now: number): Promise<void>
}

/** What makes another app of one of the same id: its name, where it is, how it proves itself, what it may ask. */
export function digestOf({ name, redirectUris, scope, authMethod }: Client): string {
  const text = JSON.stringify([name, [...redirectUris].sort(), scope, authMethod])
  return createHash('sha256').update(text).digest('base64url')
}

/** Until when a decision counts, in milliseconds since 1970; nothing once the app is no longer what it was. */
export function countsUntil(
  { client: digest, decidedAt, expiresAt }: RememberedConsent,
  client: Client,
  rememberFor: number,
): number | undefined {
  // A site that remembers for a shorter time now does so for earlier decisions too.
  return digest === digestOf(client) ? Math.min(expiresAt, decidedAt + rememberFor) : undefined
}

/** Whether a decision can spare a person the page: others could be imitated by whoever gets hold of a redirect. */
export function mayBeLetThrough(client: Client): boolean {
  return isConfidential(client) || client.preApproved === true
}
