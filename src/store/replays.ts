/** What may be used once only, until it expires: of several that come with the same, on whichever nodes, one is the first. */
import { createHash } from 'node:crypto'
import type { ReplayStore } from '../authorization/ports.ts'
import type { Migration } from './migrations.ts'
import type { Sql } from './sql.ts'

const MINUTE = 60 * 1000
/** Clocks of nodes differ: what one still accepts must not have been forgotten by another. */
const keptLonger = 10 * MINUTE

export const replayMigrations: readonly Migration[] = [
  {
    id: 'replays-0001',
    sql: `CREATE TABLE replays (
      hash TEXT PRIMARY KEY,
      expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX replays_by_expiry ON replays (expires_at)`,
  },
]

/** The store over a database that has its table. */
export function createReplayStore(sql: Sql): ReplayStore {
  return {
    async isFirst(use, id, expiresAt) {
      const { changes } = await sql.write(
        (tx) =>
          // The database decides: two that come at once are two tries to add the same row.
          tx.run(
            'INSERT INTO replays (hash, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING',
            hashOf(use, id),
            expiresAt,
          ),
        // Not because they must: those that wait for a turn share its commit.
        { inTurn: 'replays' },
      )
      return changes > 0
    },
    async sweep(now) {
      await sql.write((tx) => tx.run('DELETE FROM replays WHERE expires_at <= ?', now - keptLonger))
    },
  }
}

/** Of a length of its own, whatever others call their things. */
function hashOf(use: string, id: string): string {
  return createHash('sha256')
    .update(JSON.stringify([use, id]))
    .digest('base64url')
}
