/** Statements on their way to the server: those that are sent in one turn of the event loop, whatever they are for, are one packet. */
import type { Client, ClientBase, QueryConfig, QueryResult } from 'pg'

const gathering = new WeakSet<ClientBase>()

/** Sends a statement over a connection, behind those that were sent before; resolves with its answer. */
export function sendOn<Row>(
  client: ClientBase,
  statement: string | QueryConfig,
): Promise<QueryResult<Row & object>> {
  if (!gathering.has(client)) gather(client)
  return client.query<Row & object>(statement)
}

function gather(client: ClientBase): void {
  const { stream } = (client as Client).connection
  gathering.add(client)
  stream.cork()
  setImmediate(() => {
    gathering.delete(client)
    stream.uncork()
  })
}
