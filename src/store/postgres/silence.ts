/**
 * A database that is gone without a word, by a loss of power or after a failover: its connections stay open for a quarter of
 * an hour, since nobody says that they are not, and whoever waits behind one waits as long. Whoever says nothing for longer
 * than any statement may take is gone.
 */
import type { Socket } from 'node:net'
import type { Pool, PoolClient } from 'pg'

const lookEveryMilliseconds = 1000
/** It gives a statement up by itself, and its word of that is on its way. */
const leeway = 1.25

/** What was heard of a connection that is lent. */
interface Heard {
  bytes: number
  since: number
}

/** Their work may take as long as it likes. */
const patient = new WeakSet<PoolClient>()

/** Excuses a connection until it is given back. */
export function excuse(client: PoolClient): void {
  patient.add(client)
}

/** Breaks connections of the pool off over which nothing was heard for too long, where a statement may take `longest` milliseconds; gives what ends that. */
export function breakOffSilent(pool: Pool, longest: number): () => void {
  if (longest === 0) return () => undefined
  const open = new Set<PoolClient>()
  const lent = new Map<PoolClient, Heard>()
  pool.on('connect', (client) => open.add(client))
  pool.on('remove', (client) => open.delete(client))
  pool.on('acquire', (client) => lent.set(client, { bytes: bytesOf(client), since: performance.now() }))
  pool.on('release', (_error, client) => {
    lent.delete(client)
    patient.delete(client)
  })

  function look(): void {
    const silent = [...lent].filter(([client, heard]) => isSilent(client, heard, longest))
    if (silent.length === 0) return
    for (const [client] of silent) streamOf(client).destroy()
    // Those that nobody uses at the moment may be no better, and the next who needs one would wait again.
    for (const client of open) if (!lent.has(client)) streamOf(client).destroy()
  }

  const timer = setInterval(look, lookEveryMilliseconds)
  timer.unref()
  return () => clearInterval(timer)
}

function isSilent(client: PoolClient, heard: Heard, longest: number): boolean {
  const now = performance.now()
  const bytes = bytesOf(client)
  if (bytes !== heard.bytes || patient.has(client)) Object.assign(heard, { bytes, since: now })
  return now - heard.since > longest * leeway
}

function bytesOf(client: PoolClient): number {
  return streamOf(client).bytesRead
}

function streamOf(client: PoolClient): Socket {
  return client.connection.stream as Socket
}
