/** Where the records lie that are measured: folders of SQLite, or databases of a PostgreSQL that keeps what it is given. */
import { join } from 'node:path'
import { Client } from 'pg'
import { startCluster } from '../test/fixtures/postgres.ts'

export interface Places {
  readonly small: string
  readonly large: string
  /** For one very large record. */
  readonly record: string
  /** What the name of a figure ends with. */
  readonly of: string
  close(): Promise<void>
}

/** Opens empty places in `folder`. */
export async function openPlaces(store: 'sqlite' | 'postgres', folder: string): Promise<Places> {
  if (store === 'sqlite') {
    const [small, large, record] = [join(folder, 'small'), join(folder, 'large'), join(folder, 'record')]
    return { small, large, record, of: '', close: async () => undefined }
  }
  const { address, stop } = await startCluster('lasting', folder)
  const [small, large, record] = [`${address}/small`, `${address}/large`, `${address}/record`]
  const client = new Client(`${address}/postgres`)
  await client.connect()
  for (const name of ['small', 'large', 'record']) await client.query(`CREATE DATABASE ${name}`)
  await client.end()
  return { small, large, record, of: ', PostgreSQL', close: stop }
}
