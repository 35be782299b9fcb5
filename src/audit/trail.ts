/**
 * The audit trail: events of requests that run at the same time are written in one transaction, and whoever records an
 * event waits until it is durable. An event that cannot be written rejects, and its access is refused by the caller.
 */
import type { AuditEvent } from './event.ts'

/** An event and the time it was recorded, in milliseconds since 1970. */
export interface AuditRecord {
  readonly time: number
  readonly event: AuditEvent
}

/** Where the trail is kept: appended to, never changed; each record is chained to the one before. */
export interface AuditStore {
  /** Writes all of `records`, in order and in one transaction, or rejects and writes none. */
  append(records: readonly AuditRecord[]): Promise<void>
}

export interface Trail {
  /** Resolves when the event is durable; rejects when it could not be written. */
  record(event: AuditEvent): Promise<void>
}

interface Waiting {
  readonly record: AuditRecord
  readonly written: () => void
  readonly failed: (reason: unknown) => void
}

/** Makes the trail over `store`; appends are asked for in the order of arrival, and the next does not wait for the disk. */
export function createTrail(store: AuditStore, now: () => number): Trail {
  let waiting: Waiting[] = []

  function writeWaiting(): void {
    const group = waiting
    waiting = []
    void writeGroup(store, group)
  }

  function record(event: AuditEvent): Promise<void> {
    return new Promise((written, failed) => {
      waiting.push({ record: { time: now(), event }, written, failed })
      // The rest of this turn's requests join the group before it is written.
      if (waiting.length === 1) setImmediate(writeWaiting)
    })
  }

  return { record }
}

async function writeGroup(store: AuditStore, group: readonly Waiting[]): Promise<void> {
  try {
    await store.append(group.map((one) => one.record))
    for (const one of group) one.written()
  } catch (error) {
    for (const one of group) one.failed(error)
  }
}
