/** The whole server, put together as it is for use, on a port of its own over a database of the run's kind. */
import { after, before } from 'node:test'
import { silentLog } from '../../../src/http/log.ts'
import { createOutbound } from '../../../src/http/outbound.ts'
import type { Account } from '../../../src/identity/account.ts'
import { hashPassword } from '../../../src/identity/passwords.ts'
import { policyOf } from '../../../src/identity/test-policy.ts'
import { assemble } from '../../../src/server/assemble.ts'
import { openStores, type Stores } from '../../../src/server/stores.ts'
import type { SitePolicy } from '../../../src/smart/policy.ts'
import { openEmpty } from '../../fixtures/databases.ts'
import { freePort } from '../../fixtures/free-port.ts'
import { type App, exchangeForm, requestToken, Visitor } from '../../fixtures/visitor.ts'
import type { Ask } from '../resource/world.ts'
import { deleted, later, records } from './records.ts'
import { countStatements, type Statements } from './statements.ts'
import { createMint, type Mint } from './tokens.ts'
import { type Answered, send } from './wire.ts'

/** Everybody's. */
export const password = 'a password of these tests'
const callback = 'http://127.0.0.1:9/back'

/** Who signs in: a clinician who may open every record, and a patient. */
export type Username = 'clinician' | 'patient'

const accounts: readonly Omit<Account, 'passwordHash'>[] = [
  {
    id: 'u-clinician',
    username: 'clinician',
    name: 'Clinician',
    roles: ['clinician'],
    fhirUser: 'Practitioner/doctor',
    records: [],
    disabled: false,
  },
  {
    id: 'u-patient',
    username: 'patient',
    name: 'Patient A',
    roles: ['patient'],
    fhirUser: 'Patient/a',
    records: [],
    disabled: false,
  },
]

export interface Hospital {
  readonly base: string
  readonly stores: Stores
  /** What was asked of the database, by its tables of records. */
  readonly statements: Statements
  /** What the log was told as a fault. */
  readonly faults: string[]
  /** Goes the whole way of an authorization, in a browser without scripts. */
  authorize(scope: string, who?: Username, patient?: string): Promise<string>
  /** A token of the server's own key for a grant that lives, with these scopes and these claims instead. */
  mint: Mint
  /** How many versions of resources there are: more after anything was written. */
  versions(): Promise<number>
  /** Sends a request below the FHIR base with this token. */
  ask(token: string, target: string, ask?: Ask): Promise<Answered>
}

/** Starts the server for all tests of a file, with a policy that withholds nothing unless these members say otherwise; gives it while they run. */
export function useHospital(policy: Partial<SitePolicy> = {}): () => Hospital {
  let opened: Hospital & { close(): Promise<void> }
  before(async () => {
    opened = await openHospital(policy)
  })
  after(() => opened.close())
  return () => opened
}

async function openHospital(policy: Partial<SitePolicy>) {
  const counted = countStatements(await openEmpty())
  const faults: string[] = []
  let time = Date.now()
  const stores = await openStores(counted.sql, () => time++)
  await fill(stores.records)
  const passwordHash = await hashPassword(password)
  for (const account of accounts) await stores.accounts.add({ ...account, passwordHash })
  const port = await freePort()
  const base = `http://127.0.0.1:${port}`
  const started = Date.now()
  const { app } = await assemble({
    baseUrl: base,
    stores,
    log: { ...silentLog, error: (_detail, text) => void faults.push(text) },
    // Time stands still, so that what is remembered for half a second is remembered in every test alike.
    now: () => started,
    outbound: createOutbound({ allowLoopback: false }),
    sandbox: undefined,
    policy: () => policyOf(policy),
    auditRetention: Number.MAX_SAFE_INTEGER,
  })
  await app.listen('127.0.0.1', port)
  const authorize = authorizing(base, stores)
  const first = await authorize('launch/patient patient/*.cruds user/*.cruds', 'clinician', 'a')
  return {
    base,
    stores,
    faults,
    authorize,
    statements: counted.statements,
    mint: await createMint(stores, first),
    async versions() {
      const row = await counted.sql.get<{ n: number }>(`SELECT sum(version) AS n FROM resources`)
      return Number(row?.n)
    },
    ask: (token: string, target: string, ask?: Ask) => send(base, token, target, ask),
    // The database goes with the file that it was lent to.
    close: () => app.close(),
  }
}

async function fill(repository: Stores['records']): Promise<void> {
  await repository.putAll(records)
  for (const resource of later) await repository.update(resource)
  for (const id of deleted) await repository.delete('DocumentReference', id)
}

/** Each authorization is of an app of its own, by a person who is signed in from the first on. */
function authorizing(base: string, stores: Stores): Hospital['authorize'] {
  const visitors = new Map<string, Visitor>()
  let apps = 0
  return async (scope, who = 'clinician', patient = 'a') => {
    const app: App = { clientId: `app-${++apps}`, redirectUri: callback, scope }
    await stores.clients.add({
      id: app.clientId,
      name: app.clientId,
      authMethod: 'none',
      redirectUris: [callback],
      grantTypes: ['authorization_code'],
      scope,
      createdAt: 0,
    })
    const key = `${who} ${patient}`
    const visitor = visitors.get(key) ?? new Visitor(base, { username: who, password, patient })
    visitors.set(key, visitor)
    const authorized = await visitor.authorize(app)
    return (await requestToken(base, exchangeForm(app, authorized))).access_token
  }
}
