/** Every store of the server, over one database. */
import { randomUUID } from 'node:crypto'
import { indexing } from '../resource/search/indexing.ts'
import { createAccountStore } from '../store/accounts.ts'
import { createAuditStore } from '../store/audit.ts'
import { createClientStore } from '../store/clients.ts'
import { createFlowStore } from '../store/flows.ts'
import { createGrantStore } from '../store/grants.ts'
import { createLaunchStore } from '../store/launches.ts'
import { createRecords } from '../store/records/records.ts'
import { loadServerSecret } from '../store/server-secret.ts'
import { createSessionStore } from '../store/sessions.ts'
import { createKeyStore } from '../store/signing-keys.ts'
import type { Database } from '../store/sqlite/database.ts'

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
    isReady: db.isReady,
  }
}
