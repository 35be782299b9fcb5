/** What a run and its workers say to each other, in words that can be sent between processes. */

import type { TestEvent } from 'node:test/reporters'
import { inspect } from 'node:util'

/** A file to run, by its absolute path; the source of a pattern when only tests of such names are wanted. */
export interface Order {
  readonly file: string
  readonly name?: string
}

/** What a worker says while it runs a file, and when it has. */
export type Word = { readonly event: SentEvent } | { readonly done: Done }

/** How a file ended. */
export interface Done {
  /** Whether this process is as good as new for another file. */
  readonly isFit: boolean
}

/** An event without its error, which does not survive the way; what is needed of it goes beside it. */
export interface SentEvent {
  readonly type: TestEvent['type']
  readonly data: Readonly<Record<string, unknown>>
  readonly error?: { readonly text: string; readonly failureType: unknown }
}

/** The kinds of events that are counted or shown. */
const told: ReadonlySet<TestEvent['type']> = new Set([
  'test:pass',
  'test:fail',
  'test:diagnostic',
  'test:summary',
])

/** Makes an event ready to be sent; nothing when nobody wants to know of it. */
export function packEvent(event: TestEvent): SentEvent | undefined {
  if (!told.has(event.type)) return undefined
  const { type } = event
  if (type !== 'test:fail') return { type, data: { ...event.data } }
  const { error, ...details } = event.data.details
  const failureType = 'failureType' in error ? error.failureType : undefined
  const isWrapped = 'code' in error && error.code === 'ERR_TEST_FAILURE'
  return {
    type,
    data: { ...event.data, details },
    error: { text: inspect(isWrapped ? error.cause : error, { breakLength: Infinity }), failureType },
  }
}

/** Makes an event of what was sent; its error looks as it did where it was thrown. */
export function unpackEvent({ type, data, error }: SentEvent): TestEvent {
  if (error === undefined) return { type, data } as unknown as TestEvent
  const { text, failureType } = error
  const shown = Object.assign(new Error(text), {
    code: 'ERR_TEST_FAILURE',
    failureType,
    cause: { [inspect.custom]: () => text },
  })
  return {
    type,
    data: { ...data, details: { ...(data.details as object), error: shown } },
  } as unknown as TestEvent
}
