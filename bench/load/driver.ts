/** Drives requests from a process of its own, so that the client does not run on the server's core. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

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

/** Runs a load to its end. Throws when an answer is not 200, or the client dies. */
export async function drive(load: Load): Promise<LoadResult> {
  const client = fork(resolve(import.meta.dirname, 'client.ts'), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const message = once(client, 'message')
  const exit = once(client, 'exit')
  client.send(load)
  const [result] = (await Promise.race([message, exit.then(() => [])])) as [
    (LoadResult | { problem: string })?,
  ]
  await exit
  if (result === undefined) throw new Error('the load client died')
  if ('problem' in result) throw new Error(result.problem)
  return result
}
