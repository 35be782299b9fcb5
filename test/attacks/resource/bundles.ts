/** Batches and transactions in a few words. */
import type { Resource } from '../../../src/smart/resource.ts'
import type { Ask } from './world.ts'

/** An entry of a Bundle. */
export type Entry = Readonly<Record<string, unknown>>

/** An entry that asks; `more` goes into its request. */
export const entry = (method: string, url: string, resource?: object, more: object = {}): Entry => ({
  ...(resource && { resource }),
  request: { method, url, ...more },
})

/** The same with the name that other entries call it by. */
export const named = (fullUrl: string, one: Entry): Entry => ({ fullUrl, ...one })

/** The request that sends a Bundle to the base. */
export const bundle = (type: string, ...entries: Entry[]): Ask => ({
  method: 'POST',
  body: { resourceType: 'Bundle', type, entry: entries },
})

/** What a response Bundle says of an entry. */
export interface Answer {
  readonly resource?: Resource
  readonly response: {
    readonly status: string
    readonly location?: string
    readonly etag?: string
    readonly lastModified?: string
    readonly outcome?: Resource
  }
}

/** The entries of a response Bundle. */
export function answersIn(body: string): Answer[] {
  return JSON.parse(body).entry ?? []
}

/** `201`, `200`, … of each entry. */
export function statusesIn(body: string): number[] {
  return answersIn(body).map(({ response }) => Number(response.status.slice(0, 3)))
}

/** A `urn:uuid` that is easy to tell from another. */
export const urn = (digit: string) =>
  `urn:uuid:${digit.repeat(8)}-${digit.repeat(4)}-4${digit.repeat(3)}-8${digit.repeat(3)}-${digit.repeat(12)}`
