/** The audit trail: a chain that is only ever appended to, and that loses its oldest part when its time is over. */
import type { Checkpoint, Link, TrailRules } from '../audit/chain.ts'
import type { KeptRecord, TrailReader } from '../audit/reader.ts'
import type { AuditRecord, AuditStore } from '../audit/trail.ts'
import type { ChainSource } from '../audit/verify-chain.ts'
import { appendRecords, chainSome, checkpointOf, headOf } from './audit/append.ts'
import { expireRecords } from './audit/expire.ts'
import { findRecord, readRecords, recordOf, scanRecords } from './audit/read.ts'
import type { Sql, SqlWriter } from './sql.ts'

export { auditMigrations } from './audit/schema.ts'

/** The trail's store: what appends to it, what reads it, what verifies it, and what ends its oldest part. */
export interface TrailStore extends AuditStore, TrailReader, ChainSource {
  /** Up to `limit` records after the place `after` (0 is the start), oldest first. */
  list(after: number, limit: number): Promise<KeptRecord[]>
  /** Chains what an older version has left unchained. */
  catchUp(): Promise<void>
  /** Removes up to `limit` of the oldest records, those from before `before` in milliseconds; gives how many. */
  expire(before: number, limit: number): Promise<number>
}

/**
 * One after another, on whichever node: the record before must be known, and a reader that saw a place has seen all before
 * it. Work without a record takes its turn too where it may not pass by what is done with one.
 */
export const trailTurn = 'audit'
const inTurn = trailTurn

/** How another store puts on record what it does, in the transaction that does it. */
export interface Recording {
  /** Of the transaction; see {@link WriteOptions}. */
  readonly inTurn: string
  /** The end of the trail, for who has other things to ask before it appends. */
  headOf(tx: SqlWriter): Promise<Checkpoint>
  /** Appends to `head`, or to what is the end now. */
  append(tx: SqlWriter, records: readonly AuditRecord[], head?: Checkpoint): Promise<void>
}

/** Recording by the rules of the trail. */
export function createRecording(rules: TrailRules): Recording {
  return {
    inTurn,
    headOf: (tx) => headOf(tx, rules),
    append: (tx, records, head) => appendRecords(tx, records, rules, head),
  }
}

/** The trail's store over a database that has its tables. */
export function createAuditStore(sql: Sql, rules: TrailRules): TrailStore {
  const links = (after: number, limit: number): Promise<Link[]> =>
    sql.all('SELECT seq, time, event, hash FROM audit WHERE seq > ? ORDER BY seq LIMIT ?', after, limit)
  return {
    append: (records) => sql.write((tx) => appendRecords(tx, records, rules), { inTurn, beside: true }),
    find: (seq) => findRecord(sql, seq),
    read: (query) => readRecords(sql, query),
    scan: (query) => scanRecords(sql, query),
    checkpoint: () => checkpointOf(sql, rules),
    links,
    list: async (after, limit) => (await links(after, limit)).map(recordOf),
    async catchUp() {
      while ((await sql.write((tx) => chainSome(tx, rules), { alone: true, inTurn })) > 0);
    },
    expire: (before, limit) =>
      sql.write((tx) => expireRecords(tx, before, limit, rules), { alone: true, inTurn }),
  }
}
