/** Statements on their way to the server: those that are sent in one turn of the event loop, whatever they are for, are one packet. */
import type { Client, ClientBase, QueryConfig } from 'pg'
import { type Answer, type Asked, preparedColumns, rememberPrepared, sendBatch } from './batch.ts'

/** What those sent in this turn share, of each connection. */
const gathering = new WeakMap<ClientBase, Asked[]>()

export interface Sending {
  /** It may take long: what is sent before it is answered without it. */
  readonly apart?: boolean
  /** Where one that was sent with it was refused, it is sent again: nothing hangs on what was before it. */
  readonly byItself?: boolean
}

/** Sends a statement over a connection, behind those that were sent before; resolves with its answer. */
export function sendOn<Row>(
  client: ClientBase,
  statement: string | QueryConfig,
  { apart = false, byItself = false }: Sending = {},
): Promise<Answer<Row>> {
  const gathered = gathering.get(client) ?? gather(client)
  const columns = typeof statement === 'string' ? undefined : preparedColumns(client, statement)
  if (!columns) {
    sendGathered(client, gathered)
    return sendUnprepared(client, statement)
  }
  const query = statement as QueryConfig
  return new Promise((answered, failed) => {
    const again = () => sendOn<Row>(client, query, { apart, byItself }).then(answered, failed)
    if (apart) sendGathered(client, gathered)
    gathered.push({
      query,
      columns,
      answered: answered as Asked['answered'],
      failed,
      passedOver: byItself ? again : failed,
    })
    if (apart) sendGathered(client, gathered)
  })
}

function gather(client: ClientBase): Asked[] {
  const { stream } = (client as Client).connection
  const gathered: Asked[] = []
  gathering.set(client, gathered)
  stream.cork()
  setImmediate(() => {
    gathering.delete(client)
    sendGathered(client, gathered)
    stream.uncork()
  })
  return gathered
}

function sendGathered(client: ClientBase, gathered: Asked[]): void {
  if (gathered.length > 0) sendBatch(client, gathered.splice(0))
}

async function sendUnprepared<Row>(
  client: ClientBase,
  statement: string | QueryConfig,
): Promise<Answer<Row>> {
  const result = await client.query<Row & object>(statement)
  if (typeof statement !== 'string' && statement.name !== undefined)
    rememberPrepared(client, statement.name, result.fields)
  return result
}
