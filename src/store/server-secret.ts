/** The one secret of an installation, from which page links and form tokens are keyed; all its nodes share it. */
import { randomBytes } from 'node:crypto'
import { type Migration, migrate } from './migrations.ts'
import type { Database } from './sqlite/database.ts'

const migrations: readonly Migration[] = [
  {
    id: 'server-secret-0001',
    sql: `CREATE TABLE server_secret (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      secret TEXT NOT NULL
    ) STRICT`,
  },
]

const secretBytes = 32

/** The installation's secret, 256 bits in base64url; made when there is none. */
export function loadServerSecret(db: Database): string {
  migrate(db, migrations)
  // Two processes may start at once: whoever comes second reads what the first one made.
  db.run(
    'INSERT INTO server_secret (only, secret) VALUES (1, ?) ON CONFLICT DO NOTHING',
    randomBytes(secretBytes).toString('base64url'),
  )
  return (db.get<{ secret: string }>('SELECT secret FROM server_secret') as { secret: string }).secret
}
