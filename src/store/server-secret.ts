/** The one secret of an installation, from which page links and form tokens are keyed; all its nodes share it. */
import { randomBytes } from 'node:crypto'
import type { Migration } from './migrations.ts'
import type { Sql } from './sql.ts'

export const serverSecretMigrations: readonly Migration[] = [
  {
    id: 'server-secret-0001',
    sql: `CREATE TABLE server_secret (
      "only" INTEGER PRIMARY KEY CHECK ("only" = 1),
      secret TEXT NOT NULL
    ) STRICT`,
  },
]

const secretBytes = 32

/** The installation's secret, 256 bits in base64url; made when there is none. */
export async function loadServerSecret(sql: Sql): Promise<string> {
  // Two processes may start at once: whoever comes second reads what the first one made.
  await sql.write((tx) =>
    tx.run(
      'INSERT INTO server_secret ("only", secret) VALUES (1, ?) ON CONFLICT DO NOTHING',
      randomBytes(secretBytes).toString('base64url'),
    ),
  )
  const row = await sql.get<{ secret: string }>('SELECT secret FROM server_secret')
  if (!row) throw new Error('the secret of the installation is not there')
  return row.secret
}
