/** The tables of all stores, in the order in which they may refer to each other. */
import { accessTokenMigrations } from './access-tokens.ts'
import { accountMigrations } from './accounts.ts'
import { attemptMigrations } from './attempts.ts'
import { auditMigrations } from './audit.ts'
import { clientMigrations } from './clients.ts'
import { codeMigrations } from './codes.ts'
import { credentialMigrations } from './credentials.ts'
import { decisionRecordMigrations } from './decision-records.ts'
import { emergencyMigrations } from './emergency-access.ts'
import { flowMigrations } from './flows.ts'
import { grantMigrations } from './grants.ts'
import { identityMigrations } from './identities.ts'
import { invitationMigrations } from './invitations.ts'
import { launchMigrations } from './launches.ts'
import { logoutNoticeMigrations } from './logout-notices.ts'
import { appliedIn, type Migration, migrate } from './migrations.ts'
import { outboxMigrations } from './outbox.ts'
import { passkeyMigrations } from './passkeys.ts'
import { providerSessionMigrations } from './provider-sessions.ts'
import { pushedRequestMigrations } from './pushed-requests.ts'
import { recordsMigrations } from './records/schema.ts'
import { registrationMigrations } from './registrations.ts'
import { rememberedConsentMigrations } from './remembered-consents.ts'
import { reminderMigrations } from './reminders.ts'
import { replayMigrations } from './replays.ts'
import { serverSecretMigrations } from './server-secret.ts'
import { sessionMigrations } from './sessions.ts'
import { keyMigrations } from './signing-keys.ts'
import type { Sql } from './sql.ts'
import { ticketMigrations } from './tickets.ts'
import { UnusableStore } from './unusable.ts'
import { visitMigrations } from './visits.ts'

/** Every change of every store's tables, in the order in which a new database has them. */
export const migrations: readonly Migration[] = [
  ...recordsMigrations,
  ...accountMigrations,
  ...sessionMigrations,
  ...clientMigrations,
  ...codeMigrations,
  ...flowMigrations,
  ...pushedRequestMigrations,
  ...grantMigrations,
  ...accessTokenMigrations,
  ...keyMigrations,
  ...launchMigrations,
  ...logoutNoticeMigrations,
  ...emergencyMigrations,
  ...auditMigrations,
  ...serverSecretMigrations,
  ...registrationMigrations,
  ...replayMigrations,
  ...attemptMigrations,
  ...ticketMigrations,
  ...credentialMigrations,
  ...passkeyMigrations,
  ...outboxMigrations,
  ...providerSessionMigrations,
  ...identityMigrations,
  ...invitationMigrations,
  ...visitMigrations,
  ...rememberedConsentMigrations,
  ...reminderMigrations,
  ...decisionRecordMigrations,
]

/** So many migrations are named. */
const mostNamed = 5

/** How a database stands to this program's schema, by the names of migrations. */
export interface SchemaState {
  /** Those it has not had yet. */
  readonly missing: readonly string[]
  /** Those of a newer program. */
  readonly unknown: readonly string[]
}

/** Compares a database with the schema, changing nothing; one that was never prepared misses everything. */
export async function schemaState(sql: Sql): Promise<SchemaState> {
  const applied = (await appliedIn(sql)) ?? new Set<string>()
  const known = migrations.map(({ id }) => id)
  return {
    missing: known.filter((id) => !applied.has(id)),
    unknown: [...applied].filter((id) => !known.includes(id)),
  }
}

/**
 * Brings the tables of a database up to date; several nodes may do so at once. Throws {@link UnusableStore} for one that a
 * newer program has changed: what this one wrote, it might never have meant.
 */
export async function prepareSchema(sql: Sql): Promise<void> {
  const { unknown } = await schemaState(sql)
  if (unknown.length > 0)
    throw new UnusableStore(
      `written by a newer Chartkey (${unknown.slice(0, mostNamed).join(', ')}): run that version, or restore a backup from before it`,
    )
  await migrate(sql, migrations)
}
