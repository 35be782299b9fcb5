/** Every store of the server, over one database. */
import { randomUUID } from 'node:crypto'
import { indexing } from '../resource/search/indexing.ts'
import { createAccountStore } from '../store/sqlite/accounts.ts'
import { createAuditStore } from '../store/sqlite/audit.ts'
import { createClientStore } from '../store/sqlite/clients.ts'
import type { Database } from '../store/sqlite/database.ts'
import { createFlowStore } from '../store/sqlite/flows.ts'
import { createGrantStore } from '../store/sqlite/grants.ts'
import { createLaunchStore } from '../store/sqlite/launches.ts'
import { createRecords } from '../store/sqlite/records/records.ts'
import { loadServerSecret } from '../store/sqlite/server-secret.ts'
import { createSessionStore } from '../store/sqlite/sessions.ts'
import { createKeyStore } from '../store/sqlite/signing-keys.ts'

export type Stores = ReturnType<typeof openStores>

/** Opens all of them, each with its tables brought up to date. */
export function openStores(db: Database, now: () => number) {
  return {
    records: createRecords(db, { indexing, now, newId: randomUUID }),
    accounts: createAccountStore(db),
    sessions: createSessionStore(db),
    clients: createClientStore(db),
    flows: createFlowStore(db),
    grants: createGrantStore(db),
    keys: createKeyStore(db),
    launches: createLaunchStore(db),
    audit: createAuditStore(db),
    /** 256 bits, the same on every start. */
    secret: loadServerSecret(db),
    isReady: () => db.get('SELECT 1 AS one') !== undefined,
  }
}
