/** How the trail is read: a bounded number of records at a time, in the order of time, from any place on. */
import type { AuditRecord } from './trail.ts'

/** A record as it was kept, with its place in the trail. */
export interface KeptRecord extends AuditRecord {
  /** 1, 2, … in the order of writing. */
  readonly seq: number
}

/** A place in the order of time; records of one millisecond are in the order of writing. */
export interface TrailPlace {
  readonly time: number
  readonly seq: number
}

/** Which records are read. */
export interface TrailQuery {
  /** Only those that concern one of these patients. */
  readonly patients?: readonly string[]
  /** Milliseconds since 1970, both included. */
  readonly from: number
  readonly to: number
  readonly newestFirst: boolean
  /** From here on, this place itself included. */
  readonly start?: TrailPlace
  readonly limit: number
}

/** Records that mention something, among those next in order. */
export interface TrailScan extends Omit<TrailQuery, 'patients'> {
  /** Of each list a record has one text or more in it, as it is kept; an empty list has no record. */
  readonly mentions: readonly (readonly string[])[]
  /** So many records are looked at, 2 or more. */
  readonly most: number
}

/** Records in order, and the last place that was looked at; no place where nothing is left behind it. */
export interface Scanned {
  readonly records: readonly KeptRecord[]
  readonly reached?: TrailPlace
}

export interface TrailReader {
  find(seq: number): Promise<KeptRecord | undefined>
  /** Up to `limit` records in order. */
  read(query: TrailQuery): Promise<KeptRecord[]>
  /** Looks at up to `most` records in order, and gives up to `limit` that mention what was asked. */
  scan(query: TrailScan): Promise<Scanned>
}

/** More patients at once are cheaper to read past than to look up. */
export const mostPatientsAtOnce = 100
