/** Every store of the server, over one database. */
import { randomUUID } from 'node:crypto'
import { trailRules } from '../audit/chain.ts'
import { indexing } from '../resource/search/indexing.ts'
import { createAccountChanges } from '../store/account-changes.ts'
import { createAccountStore } from '../store/accounts.ts'
import { createAttemptStore } from '../store/attempts.ts'
import { createAuditStore, createRecording } from '../store/audit.ts'
import { createClientStore } from '../store/clients.ts'
import { createCredentialStore } from '../store/credentials.ts'
import { createEmergencyStore } from '../store/emergency-access.ts'
import { createFlowStore } from '../store/flows.ts'
import { createGrantList } from '../store/grant-list.ts'
import { createGrantStore } from '../store/grants.ts'
import { createIdentityStore } from '../store/identities.ts'
import { createInvitationStore } from '../store/invitations.ts'
import { createLaunchStore } from '../store/launches.ts'
import { createLogoutNoticeStore } from '../store/logout-notices.ts'
import { createOutboxStore } from '../store/outbox.ts'
import { createPasskeyStore } from '../store/passkeys.ts'
import { createProviderSessions } from '../store/provider-sessions.ts'
import { createPushedRequestStore } from '../store/pushed-requests.ts'
import { createRecords } from '../store/records/records.ts'
import { reindex } from '../store/records/reindex.ts'
import { createRegistrationStore } from '../store/registrations.ts'
import { createRememberedConsentStore } from '../store/remembered-consents.ts'
import { createReminderStore } from '../store/reminders.ts'
import { createReplayStore } from '../store/replays.ts'
import type { SecretBox } from '../store/secret-box.ts'
import { loadServerSecret } from '../store/server-secret.ts'
import { createSessionStore } from '../store/sessions.ts'
import { createKeyStore } from '../store/signing-keys.ts'
import type { Sql } from '../store/sql.ts'
import { createTicketStore } from '../store/tickets.ts'
import { createVisitStore } from '../store/visits.ts'
import { decisionRecordsOver } from './decision-records.ts'

export type Stores = Awaited<ReturnType<typeof openStores>>

/** All of them, over a database whose tables are up to date; `keyBox` encrypts the signing keys, `searchTime` (ms) bounds a search. */
export async function openStores(sql: Sql, now: () => number, keyBox?: SecretBox, searchTime?: number) {
  await reindex(sql, indexing)
  const audit = createAuditStore(sql, trailRules)
  await audit.catchUp()
  const recording = createRecording(trailRules)
  const decisions = decisionRecordsOver(sql, now)
  return {
    records: createRecords(sql, {
      indexing,
      now,
      newId: randomUUID,
      ...(searchTime !== undefined && { searchTime }),
    }),
    accounts: createAccountStore(sql),
    accountChanges: createAccountChanges(sql, recording, decisions),
    sessions: createSessionStore(sql),
    attempts: createAttemptStore(sql),
    tickets: createTicketStore(sql),
    credentials: createCredentialStore(sql, recording),
    passkeys: createPasskeyStore(sql, recording),
    outbox: createOutboxStore(sql),
    clients: createClientStore(sql),
    registrations: createRegistrationStore(sql, recording, decisions),
    flows: createFlowStore(sql, decisions),
    reminders: createReminderStore(sql),
    rememberedConsents: createRememberedConsentStore(sql, decisions),
    pushed: createPushedRequestStore(sql),
    notices: createLogoutNoticeStore(sql),
    grants: createGrantStore(sql, recording, decisions),
    grantList: createGrantList(sql, recording, decisions),
    keys: createKeyStore(sql, keyBox, recording),
    launches: createLaunchStore(sql),
    emergencies: createEmergencyStore(sql),
    replays: createReplayStore(sql),
    identities: createIdentityStore(sql, recording, decisions),
    invitations: createInvitationStore(sql, recording),
    providerSessions: createProviderSessions(sql, recording),
    visits: createVisitStore(sql),
    audit,
    /** 256 bits, the same on every start and on every node. */
    secret: await loadServerSecret(sql),
    isReady: () => sql.isReady(),
  }
}
