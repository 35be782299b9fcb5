/**
 * The port to the records: what the resource server asks of a store, whichever database is behind it.
 */
import type { Resource } from '../smart/resource.ts'
import type { Position, ReachPlan, SearchPlan } from './search/plan.ts'
import type { IndexRow } from './search/rows.ts'

/** One version of a resource. */
export interface Stored {
  readonly type: string
  readonly id: string
  /** `1`, `2`, … in the order of writing. */
  readonly version: string
  /** An instant with milliseconds, in UTC. */
  readonly lastUpdated: string
  readonly deleted: boolean
  /** With id, version and lastUpdated set; parsed from `json` when first asked for. */
  readonly resource: Resource
  /** The resource as it is sent; empty when deleted. */
  readonly json: string
}

export interface SearchPage {
  /** In the order of the plan, at most `plan.count`. */
  readonly matches: readonly Stored[]
  /** An opaque position to go on from; absent on the last page. */
  readonly next?: string
  /** All matches in reach, not only this page's; absent when the plan did not ask. */
  readonly total?: number
}

export interface Written {
  readonly stored: Stored
  readonly created: boolean
  /** The content is what it was before: no version was made. */
  readonly unchanged: boolean
}

export interface WriteCounts {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
}

/** What a write came to. */
export type WriteOutcome = keyof WriteCounts

/**
 * One step of a commit. A `put` makes the next version, or the first; `ifMatch` names the version that has to be current,
 * `ifAbsent` says that there must be none. `expect` insists that a search finds these ids and no others, before anything
 * of the commit is written.
 */
export type Change =
  | {
      readonly kind: 'put'
      readonly resource: Resource
      readonly ifMatch?: string
      readonly ifAbsent?: boolean
    }
  | { readonly kind: 'delete'; readonly type: string; readonly id: string; readonly ifMatch?: string }
  | { readonly kind: 'expect'; readonly plan: SearchPlan; readonly ids: readonly string[] }

/** A place in a history: that of one version. */
export interface HistoryPosition {
  /** Milliseconds since 1970. */
  readonly updated: number
  /** The store's own number of the resource. */
  readonly row: number
  readonly version: number
}

/** Which versions are asked for. */
export interface HistoryQuery {
  /** A resource type; absent for all. */
  readonly type?: string
  readonly id?: string
  /** Only versions made then or later, in milliseconds since 1970. */
  readonly since?: number
  /** Only versions that were current at some time from `low` up to, but not including, `high`. */
  readonly at?: { readonly low: number; readonly high: number }
  /** Go on after this one. */
  readonly before?: HistoryPosition
  /** Versions on a page. */
  readonly count: number
  /** What the current version has to be within. A deleted resource has nothing to be judged by here: it is always given. */
  readonly reach: ReachPlan
}

export interface HistoryPage {
  /** Newest first. */
  readonly versions: readonly { readonly stored: Stored; readonly position: HistoryPosition }[]
  /** Whether there are older ones. */
  readonly more: boolean
}

export interface Repository {
  /** The current version, also when that is a deletion. */
  read(type: string, id: string): Promise<Stored | undefined>
  vread(type: string, id: string, version: string): Promise<Stored | undefined>
  /** The current versions of those references that exist and are not deleted, each once, in the order asked. */
  readMany(references: readonly { readonly type: string; readonly id: string }[]): Promise<Stored[]>
  /** All versions, newest first; empty for an unknown resource. */
  history(type: string, id: string): Promise<Stored[]>
  /** Versions of many resources, newest first. */
  historyPage(query: HistoryQuery): Promise<HistoryPage>
  /** Throws {@link isSearchTooLong} for one that takes too long; so does a commit that expects something. */
  search(plan: SearchPlan): Promise<SearchPage>
  /**
   * Makes all the changes in one transaction, or none. Gives what each `put` and `delete` came to, in their order.
   * Throws a {@link VersionConflict} when a version is not the one named, when what is to be deleted is not there, or when
   * a search finds other than expected.
   */
  commit(changes: readonly Change[]): Promise<readonly Written[]>
  /** Makes version 1; an id is made when there is none. Throws a {@link VersionConflict} when type and id exist. */
  create(resource: Resource): Promise<Stored>
  /**
   * Makes the next version, or the first. Throws a {@link VersionConflict} unless `ifMatch` is the current version,
   * or, with `ifAbsent`, when there is a current version.
   */
  update(
    resource: Resource,
    options?: { readonly ifMatch?: string; readonly ifAbsent?: boolean },
  ): Promise<Written>
  /** Ends the resource with a version that has no content; undefined when it is not there (any more). */
  delete(type: string, id: string): Promise<Stored | undefined>
  /**
   * Creates or updates all of them in one transaction: when one cannot be written, none is. `tally` hears what each write
   * came to, when the whole is kept.
   */
  putAll(
    resources: readonly Resource[],
    tally?: (resource: Resource, outcome: WriteOutcome) => void,
  ): Promise<WriteCounts>
  /** How many current resources there are, by type. */
  counts(): Promise<Readonly<Record<string, number>>>
}

/** Thrown by a store when a resource is at another version than the writer expected. */
export interface VersionConflict extends Error {
  readonly name: 'VersionConflict'
  /** The version there is; absent when there is no such resource. */
  readonly current?: string
}

/** Whether a store refused a write because of the version. */
export function isVersionConflict(error: unknown): error is VersionConflict {
  return error instanceof Error && error.name === 'VersionConflict'
}

/** The rules that a store applies to what it is given; it has none of its own. */
export interface Indexing {
  readonly extract: (resource: Resource) => readonly IndexRow[]
  /** The ids of the patients in whose compartment a resource is. */
  readonly patientsOf: (resource: Resource) => readonly string[]
  readonly formatCursor: (position: Position) => string
  /** Writes a resource as it is kept and sent. */
  readonly writeJson: (resource: Resource) => string
  /** Reads it back; two values are deeply equal only if they say the same, to the last digit. */
  readonly parseJson: (text: string) => unknown
}

/** Whether a store gave a search up because it took too long. */
export function isSearchTooLong(error: unknown): boolean {
  return error instanceof Error && error.name === 'SearchTooLong'
}
