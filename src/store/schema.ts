/** The tables of all stores, in the order in which they may refer to each other. */
import { accountMigrations } from './accounts.ts'
import { auditMigrations } from './audit.ts'
import { clientMigrations } from './clients.ts'
import { codeMigrations } from './codes.ts'
import { emergencyMigrations } from './emergency-access.ts'
import { flowMigrations } from './flows.ts'
import { grantMigrations } from './grants.ts'
import { launchMigrations } from './launches.ts'
import { type Migration, migrate } from './migrations.ts'
import { recordsMigrations } from './records/schema.ts'
import { serverSecretMigrations } from './server-secret.ts'
import { sessionMigrations } from './sessions.ts'
import { keyMigrations } from './signing-keys.ts'
import type { Sql } from './sql.ts'

const migrations: readonly Migration[] = [
  ...recordsMigrations,
  ...accountMigrations,
  ...sessionMigrations,
  ...clientMigrations,
  ...codeMigrations,
  ...flowMigrations,
  ...grantMigrations,
  ...keyMigrations,
  ...launchMigrations,
  ...emergencyMigrations,
  ...auditMigrations,
  ...serverSecretMigrations,
]

/** Brings the tables of a database up to date; several nodes may do so at once. */
export async function prepareSchema(sql: Sql): Promise<void> {
  await migrate(sql, migrations)
}
