/** Drives requests from a process of its own, so that the client does not run on the server's core. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

/**
 * Enough to keep a core busy: what is waited for on the disk is shared by those that wait. With half as many, a server
 * that makes durable what it gives has nothing to do for an eighth of the time.
 */
export const CONNECTIONS = 64

export interface Request {
  readonly method: 'GET' | 'POST'
  /** From the root of the server, with the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Load {
  /** The server's base URL. */
  readonly base: string
  readonly requests: readonly Request[]
  readonly connections: number
  /**
   * `once`: each request is sent once. `repeat`: in turn, over and over. `rotate`: each connection keeps to one request and
   * puts the refresh token of every answer into the next.
   */
  readonly manner: 'once' | 'repeat' | 'rotate'
  /** How long `repeat` and `rotate` go on. */
  readonly seconds?: number
}

export interface LoadResult {
  /** Answers with status 200 in a second. */
  readonly perSecond: number
  readonly answers: number
  readonly medianMs: number
  /** Of every answer (`once`), or of the last one on each connection. */
  readonly bodies: readonly string[]
}

type Outcome = LoadResult | { readonly problem: string }

let client: ChildProcess | undefined

/**
 * Runs a load to its end. Throws when an answer is not 200, or the client dies. All loads are run by one client: one that
 * has just started is slower than most servers, and it would be what is measured.
 */
export async function drive(load: Load): Promise<LoadResult> {
  client ??= fork(resolve(import.meta.dirname, 'client.ts'), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const result = await outcomeOf(client, load)
  if (result === undefined) throw new Error('the load client died')
  if ('problem' in result) throw new Error(result.problem)
  return result
}

async function outcomeOf(client: ChildProcess, load: Load): Promise<Outcome | undefined> {
  const settled = new AbortController()
  const { signal } = settled
  hold(client, true)
  client.send(load)
  try {
    const outcomes = [once(client, 'message', { signal }), once(client, 'exit', { signal }).then(() => [])]
    const [outcome] = (await Promise.race(outcomes)) as [Outcome?]
    return outcome
  } finally {
    settled.abort()
    hold(client, false)
  }
}

/** A client that waits for its next load keeps nobody alive; it ends with the process that started it. */
function hold(client: ChildProcess, held: boolean): void {
  if (held) client.ref()
  else client.unref()
  if (held) client.channel?.ref()
  else client.channel?.unref()
}
