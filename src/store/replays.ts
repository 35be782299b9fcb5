/** What may be used once only, until it expires: of several that come with the same, on whichever nodes, one is the first. */
import { hash } from 'node:crypto'
import type { ReplayStore, Single } from '../authorization/ports.ts'
import { KEPT_LONGER } from './clocks.ts'
import type { Migration } from './migrations.ts'
import type { Sql, SqlWriter } from './sql.ts'
import { removeExpired } from './sweeping.ts'

export const replayMigrations: readonly Migration[] = [
  {
    id: 'replays-0001',
    sql: `CREATE TABLE replays (
      hash TEXT PRIMARY KEY,
      expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX replays_by_expiry ON replays (expires_at)`,
  },
  // In the order of writing, so that those of one time lie side by side in all but the index of the digests.
  {
    id: 'replays-0002',
    sql: `CREATE TABLE replays_in_order (
      hash TEXT NOT NULL UNIQUE,
      expires_at INTEGER NOT NULL
    ) STRICT;
    INSERT INTO replays_in_order (hash, expires_at)
      SELECT hash, expires_at FROM replays ORDER BY expires_at;
    DROP TABLE replays;
    ALTER TABLE replays_in_order RENAME TO replays;
    CREATE INDEX replays_by_expiry ON replays (expires_at)`,
  },
]

/** The store over a database that has its table. */
export function createReplayStore(sql: Sql): ReplayStore {
  return {
    // In turn not because it must: what waits for a turn shares its commit.
    isFirst: (single) => sql.write((tx) => useUp(tx, single), { inTurn: 'replays', beside: true }),
    sweep: (now) => removeExpired(sql, 'replays', 'hash', now - KEPT_LONGER),
  }
}

/** Uses it up; false, changing nothing, where it was before. The database decides: two that come at once are two tries to add the same row. */
export async function useUp(tx: SqlWriter, { use, id, expiresAt }: Single): Promise<boolean> {
  const text = 'INSERT INTO replays (hash, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING'
  return (await tx.run(text, hashOf(use, id), expiresAt)).changes > 0
}

/** As if it had not been used up in this transaction. */
export async function leaveUnused(tx: SqlWriter, { use, id }: Single): Promise<void> {
  await tx.run('DELETE FROM replays WHERE hash = ?', hashOf(use, id))
}

/** Of a length of its own, whatever others call their things. */
function hashOf(use: string, id: string): string {
  return hash('sha256', JSON.stringify([use, id]), 'base64url')
}
