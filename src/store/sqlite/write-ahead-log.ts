/**
 * Makes commits durable without holding the event loop up: SQLite writes a commit into its write-ahead log, and this asks
 * the disk for the log, on a thread of its own. The log is written from front to back, so whoever is told of a commit may
 * also believe in every commit before it.
 */
import { closeSync, openSync } from 'node:fs'
import { type Synced, syncToDisk } from './disk.ts'

/** A log that can be made durable. */
export interface WriteAheadLog {
  /** Resolves when everything committed before the call is on the disk; rejects for ever once the disk has failed. */
  flush(): Promise<void>
  /** Whether the disk has failed: nothing is kept any more. */
  readonly broken: boolean
  close(): void
}

/** A database in memory has nothing that could be lost. */
export const noLog: WriteAheadLog = {
  flush: () => Promise.resolve(),
  broken: false,
  close() {},
}

interface Waiting {
  readonly durable: () => void
  readonly failed: (reason: unknown) => void
}

type Sync = (descriptor: number, done: Synced) => void

/** Opens the log of a database that is open; `sync` stands for the disk in tests. */
export function openWriteAheadLog(path: string, sync: Sync = syncToDisk): WriteAheadLog {
  let descriptor: number | undefined
  let waiting: Waiting[] = []
  let busy = false
  let closed = false
  let broken: Error | undefined

  /** SQLite makes the log with its first write and keeps it while the database is open. */
  function log(): number {
    descriptor ??= openSync(path, 'r+')
    return descriptor
  }

  function next(): void {
    const group = waiting
    waiting = []
    busy = true
    sync(log(), (error) => {
      busy = false
      if (error) return fail(error, [...group, ...waiting])
      for (const one of group) one.durable()
      if (waiting.length > 0) next()
      else if (closed) release()
    })
  }

  /** After a failure the system may have dropped what it could not write: no later success says anything about it. */
  function fail(error: Error, group: readonly Waiting[]): void {
    broken = error
    waiting = []
    for (const one of group) one.failed(error)
    if (closed) release()
  }

  function release(): void {
    if (descriptor !== undefined) closeSync(descriptor)
    descriptor = undefined
  }

  return {
    async flush() {
      if (broken) throw broken
      log()
      await new Promise<void>((durable, failed) => {
        waiting.push({ durable, failed })
        // One that runs already may have begun before the caller's commit.
        if (!busy) next()
      })
    },
    get broken() {
      return broken !== undefined
    },
    close() {
      closed = true
      if (!busy) release()
    },
  }
}
