import type { Adapter, AdapterPayload } from 'oidc-provider'
import type { Sql } from '../../src/store/sql.ts'

const table = `CREATE TABLE IF NOT EXISTS provider_state (
  key TEXT PRIMARY KEY,
  grant_id TEXT,
  consumed INTEGER,
  payload TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS provider_state_by_grant ON provider_state (grant_id)`

interface Row {
  readonly payload: string
  readonly consumed: number | null
}

/**
 * State in a database of the same kind as ours and by the same driver, prepared statements and shared commits included:
 * what `oidc-provider` was told is kept is as durable as what we say is kept.
 */
export async function createStoreAdapter(sql: Sql): Promise<new (name: string) => Adapter> {
  await sql.write((tx) => tx.script(table))
  const run = (text: string, ...values: (string | number | null)[]) =>
    sql.write((tx) => tx.run(text, ...values)).then(() => undefined)
  return class implements Adapter {
    readonly name: string
    constructor(name: string) {
      this.name = name
    }
    upsert(id: string, payload: AdapterPayload): Promise<undefined> {
      return run(
        `INSERT INTO provider_state (key, grant_id, payload) VALUES (?, ?, ?)
         ON CONFLICT (key) DO UPDATE SET grant_id = excluded.grant_id, payload = excluded.payload`,
        this.keyOf(id),
        payload.grantId ?? null,
        JSON.stringify(payload),
      )
    }
    async find(id: string): Promise<AdapterPayload | undefined> {
      const row = await sql.get<Row>(
        'SELECT payload, consumed FROM provider_state WHERE key = ?',
        this.keyOf(id),
      )
      if (!row) return undefined
      const payload = JSON.parse(row.payload) as AdapterPayload
      return row.consumed === null ? payload : { ...payload, consumed: row.consumed }
    }
    async findByUid(): Promise<undefined> {
      return undefined
    }
    async findByUserCode(): Promise<undefined> {
      return undefined
    }
    consume(id: string): Promise<undefined> {
      const now = Math.floor(Date.now() / 1000)
      return run('UPDATE provider_state SET consumed = ? WHERE key = ?', now, this.keyOf(id))
    }
    destroy(id: string): Promise<undefined> {
      return run('DELETE FROM provider_state WHERE key = ?', this.keyOf(id))
    }
    revokeByGrantId(grantId: string): Promise<undefined> {
      return run('DELETE FROM provider_state WHERE grant_id = ?', grantId)
    }
    private keyOf(id: string): string {
      return `${this.name}:${id}`
    }
  }
}
