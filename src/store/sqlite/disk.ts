/**
 * The disk, on a thread of its own. Those that all share (`http/threads.ts`) take signatures by the hundred, one after
 * another: behind them a commit would wait for every signature that was asked for before it, and whoever could be answered
 * meanwhile would wait too. One for the process: it begins with the first write, and keeps nobody from ending.
 */
import { Worker } from 'node:worker_threads'

/** Told with what went wrong, or with nothing. */
export type Synced = (error: Error | null) => void

interface Failure {
  readonly message: string
  readonly code?: string
}

interface Thread {
  readonly worker: Worker
  /** In the order in which they asked, which is that of the answers. */
  readonly asked: Synced[]
}

let thread: Thread | undefined

/** Brings to the disk all that was written by way of a descriptor. */
export function syncToDisk(descriptor: number, done: Synced): void {
  thread ??= begin()
  const { worker, asked } = thread
  // Somebody waits for the answer: the process does not end before it.
  if (asked.push(done) === 1) worker.ref()
  worker.postMessage(descriptor)
}

function begin(): Thread {
  const worker = new Worker(new URL('./disk-thread.js', import.meta.url), { name: 'disk', execArgv: [] })
  const asked: Synced[] = []
  worker.unref()
  worker.on('message', (failure: Failure | null) => {
    const done = asked.shift()
    if (asked.length === 0) worker.unref()
    done?.(failure && Object.assign(new Error(failure.message), { code: failure.code }))
  })
  const lose = (error: Error) => {
    if (thread?.worker === worker) thread = undefined
    for (const done of asked.splice(0)) done(error)
  }
  worker.on('error', lose)
  worker.on('exit', () => lose(new Error('the thread of the disk has ended')))
  return { worker, asked }
}
