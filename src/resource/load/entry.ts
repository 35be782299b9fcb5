import type { Resource } from '../../smart/resource.ts'
import type { Place } from './refusal.ts'

/** A resource as it came, with what its Bundle says about it. */
export interface Entry {
  readonly place: Place
  readonly resource: Resource
  readonly fullUrl?: string
  /** Absent outside of a transaction or batch. */
  readonly request?: EntryRequest
}

/** What a transaction asks to be done with a resource. */
export interface EntryRequest {
  readonly method: 'POST' | 'PUT'
  readonly type: string
  /** Of a PUT, unless it is conditional. */
  readonly id?: string
  /** Search parameters that name the resource instead of an id. */
  readonly condition?: string
}

/** Entries that may refer to each other by what their Bundle calls them. */
export type Batch = readonly Entry[]
