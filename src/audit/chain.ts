/**
 * The chain that makes a change of the trail show: each record carries a digest of the record before it and of its own
 * content, so that nothing can be changed, left out or moved without breaking every digest after it.
 */
import { hash } from 'node:crypto'
import { concernedBy } from './concerned.ts'
import type { AuditEvent } from './event.ts'

/** A record as it is kept, its event as the text that was written. */
export interface Link {
  readonly seq: number
  readonly time: number
  readonly event: string
  /** SHA-256 as 64 hexadecimal digits. */
  readonly hash: string
}

/** The end of the part of the chain that was removed when its time was over, or the place before the first record. */
export interface Checkpoint {
  readonly seq: number
  readonly hash: string
}

/** The place before the first record of all. */
export const beginning: Checkpoint = { seq: 0, hash: '0'.repeat(64) }

/** The digest of a record; no two different contents are one text, for only the last part may hold a line break. */
export function hashOf(previous: string, { seq, time, event }: Omit<Link, 'hash'>): string {
  return hash('sha256', `${previous}\n${seq}\n${time}\n${event}`, 'hex')
}

/** What a store of the trail is given: it has no rules of its own. */
export interface TrailRules {
  readonly beginning: Checkpoint
  readonly hashOf: typeof hashOf
  /** The patients by whom a record is found. */
  readonly concernedBy: (event: AuditEvent) => readonly string[]
}

/** The rules of the trail. */
export const trailRules: TrailRules = { beginning, hashOf, concernedBy }
