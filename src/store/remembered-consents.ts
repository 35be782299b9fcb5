/** What people decided about apps; written, and relied on, in the transaction that ends a flow with its code. */
import type { ConsentBasis } from '../authorization/decision-record.ts'
import type {
  ConsentKey,
  RememberedConsent,
  RememberedConsentStore,
} from '../authorization/remembered-consent.ts'
import { dropCodes } from './codes.ts'
import type { DecisionRecords, DecisionWriter } from './decision-records.ts'
import type { Migration } from './migrations.ts'
import type { Sql, SqlWriter } from './sql.ts'

export const rememberedConsentMigrations: readonly Migration[] = [
  {
    id: 'remembered-consents-0001',
    sql: `CREATE TABLE remembered_consents (
      user_id TEXT NOT NULL,
      client_id TEXT NOT NULL,
      patient TEXT NOT NULL,
      launch TEXT NOT NULL,
      decided_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      relied_at INTEGER,
      data TEXT NOT NULL,
      PRIMARY KEY (user_id, client_id, patient, launch)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX remembered_consents_by_expiry ON remembered_consents (expires_at)`,
  },
]

const byKey = 'user_id = ? AND client_id = ? AND patient = ? AND launch = ?'

/** In the place of the patient where there is none: no record has an empty id. */
function valuesOf({ userId, clientId, patient = '', launch }: ConsentKey): string[] {
  return [userId, clientId, patient, launch]
}

/** So many records of decisions become inactive in one transaction. */
const endedAtOnce = 100

/** The store over a database that has its table. */
export function createRememberedConsentStore(sql: Sql, decisions: DecisionRecords): RememberedConsentStore {
  function endOver(now: number): Promise<number> {
    const over = { overBy: now, most: endedAtOnce }
    return decisions.write((_tx, records) => records.end(over), { inTurn: decisions.inTurn })
  }

  return {
    async find(key) {
      const text = `SELECT data FROM remembered_consents WHERE ${byKey}`
      const row = await sql.get<{ data: string }>(text, ...valuesOf(key))
      return row && JSON.parse(row.data)
    },
    async listOf(userId, now) {
      const rows = await sql.all<{ data: string }>(
        'SELECT data FROM remembered_consents WHERE user_id = ? AND expires_at > ? ORDER BY decided_at DESC',
        userId,
        now,
      )
      return rows.map(({ data }) => JSON.parse(data) as RememberedConsent)
    },
    async forget(userId, clientId) {
      await decisions.write(
        (tx, records) => forgetConsents(tx, records, { userId, clientId }, decisions.now()),
        { inTurn: decisions.inTurn },
      )
    },
    async sweep(now) {
      await sql.write((tx) => tx.run('DELETE FROM remembered_consents WHERE expires_at <= ?', now))
      while ((await endOver(now)) === endedAtOnce);
    },
  }
}

/** Whose decisions, about which app, and on which patient's record: of each all, where it is not named. `ended`: the grant with which they go. */
export type Decided =
  | (Pick<ConsentKey, 'userId' | 'clientId' | 'patient'> & { readonly ended?: string })
  | (Pick<ConsentKey, 'userId'> & { readonly clientId?: never; readonly patient?: never })
  | (Pick<ConsentKey, 'clientId'> & { readonly userId?: never; readonly patient?: never })

/** How many decisions were remembered, and how many codes lay ready, that are there no more. */
export interface Forgotten {
  readonly decisions: number
  readonly codes: number
}

/** Forgets what was decided, codes that nobody has redeemed included; the records of it become inactive. */
export async function forgetConsents(
  tx: SqlWriter,
  records: DecisionWriter,
  decided: Decided,
  now: number,
): Promise<Forgotten> {
  const { userId, clientId, patient } = decided
  await records.end(decided)
  const asked = [
    ...(userId === undefined ? [] : [['user_id = ?', userId] as const]),
    ...(clientId === undefined ? [] : [['client_id = ?', clientId] as const]),
    ...(patient === undefined ? [] : [['patient = ?', patient] as const]),
  ]
  const { changes: decisions } = await tx.run(
    `DELETE FROM remembered_consents WHERE ${asked.map(([condition]) => condition).join(' AND ')}`,
    ...asked.map(([, value]) => value),
  )
  // After the decisions: one that is being relied on is waited for, and then its code is there.
  const codes = await dropCodes(
    tx,
    now,
    ({ grant }) =>
      (userId === undefined || grant.userId === userId) &&
      (clientId === undefined || grant.clientId === clientId) &&
      // Where none is in its context, it may be of any.
      (patient === undefined || (grant.context.patient ?? patient) === patient),
  )
  return { decisions, codes }
}

/** Forgets all that anybody decided about an app, codes that nobody has redeemed included: one of a document may come again under its name. */
export async function forgetApp(
  tx: SqlWriter,
  records: DecisionWriter,
  clientId: string,
  now: number,
): Promise<void> {
  await forgetConsents(tx, records, { clientId }, now)
  await tx.run('DELETE FROM decision_records WHERE client_id = ?', clientId)
}

/** Stores a decision and its record in the place of earlier ones, or says whether the one relied on still stands. */
export async function settleConsent(
  tx: SqlWriter,
  records: DecisionWriter,
  basis: ConsentBasis,
): Promise<boolean> {
  if ('relyOn' in basis) {
    // Written and not only read: who takes it back at the same time waits for this row, or this waits for them.
    const text = `UPDATE remembered_consents SET relied_at = ? WHERE ${byKey} AND decided_at = ? AND expires_at > ?`
    const { relyOn, at } = basis
    return (await tx.run(text, at, ...valuesOf(relyOn), relyOn.decidedAt, at)).changes > 0
  }
  const { decided, remember, record } = basis
  await (record ? records.put(record) : records.end({ key: decided }))
  if (!remember) return true
  await tx.run(
    `INSERT INTO remembered_consents (user_id, client_id, patient, launch, decided_at, expires_at, data)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (user_id, client_id, patient, launch)
     DO UPDATE SET decided_at = excluded.decided_at, expires_at = excluded.expires_at, relied_at = NULL, data = excluded.data`,
    ...valuesOf(remember),
    remember.decidedAt,
    remember.expiresAt,
    JSON.stringify(remember),
  )
  return true
}
