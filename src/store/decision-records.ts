/**
 * What people decided about apps, as Consents among the records: one for a person, an app, a record and a kind of launch, whose
 * versions are the decisions and their ends. A row here says which it is, and whether its last decision still stands. Both are
 * written in the transaction that decides or ends.
 */
import type { AuditEvent } from '../audit/event.ts'
import type { DecisionRecord } from '../authorization/decision-record.ts'
import type { ConsentKey } from '../authorization/remembered-consent.ts'
import { keptTag } from '../smart/read-only.ts'
import type { Resource } from '../smart/resource.ts'
import type { Recording } from './audit.ts'
import type { Migration } from './migrations.ts'
import { findOtherGrant } from './other-grant.ts'
import { findCurrent } from './records/current.ts'
import { createWriteWithin, type WritingDeps } from './records/within.ts'
import type { Writer } from './records/writer.ts'
import type { Sql, SqlValue, SqlWriter, WriteOptions } from './sql.ts'

export const decisionRecordMigrations: readonly Migration[] = [
  {
    id: 'decision-records-0001',
    sql: `CREATE TABLE decision_records (
      consent_id TEXT PRIMARY KEY,
      user_id TEXT NOT NULL,
      client_id TEXT NOT NULL,
      patient TEXT NOT NULL,
      launch TEXT NOT NULL,
      grant_id TEXT NOT NULL,
      lets_in INTEGER NOT NULL,
      stands_until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX decision_records_by_person ON decision_records (user_id, client_id);
    CREATE INDEX decision_records_by_client ON decision_records (client_id);
    CREATE INDEX decision_records_by_grant ON decision_records (grant_id);
    CREATE INDEX decision_records_by_end ON decision_records (stands_until)`,
  },
  {
    id: 'decision-records-0002',
    sql: `ALTER TABLE decision_records ADD COLUMN stands INTEGER NOT NULL DEFAULT 1;
    DROP INDEX decision_records_by_end;
    CREATE INDEX decision_records_by_end ON decision_records (stands, stands_until)`,
  },
]

/** Which of the decisions that stand are meant. */
export type Standing =
  /** That which a new one replaces. */
  | { readonly key: ConsentKey }
  /**
   * All of a person, those about one app, or those of them on one patient's record; with the grant that `ended`, but for those
   * about which another grant is in force.
   */
  | {
      readonly userId: string
      readonly clientId?: string
      readonly patient?: string
      readonly ended?: string
    }
  /** All about an app. */
  | { readonly clientId: string }
  /** That which gave this grant, unless it lets the app in again, or another grant about the same is in force. */
  | { readonly grantId: string }
  /** Those that are over by then, in milliseconds since 1970; `most` at once. */
  | { readonly overBy: number; readonly most: number }

/** A Consent that became inactive. */
export interface EndedDecision {
  readonly consentId: string
  /** The patient whose Consent it was. */
  readonly patient?: string
}

/** Writes in one transaction. */
export interface DecisionWriter {
  /** Stores a decision as an active Consent: the next version of the one about the same, if there is one. */
  put(record: DecisionRecord): Promise<void>
  /** Makes the Consents of decisions inactive; gives how many. */
  end(which: Standing): Promise<number>
}

/** The records of decisions, written with what they belong to. */
export interface DecisionRecords {
  /** Of a transaction that puts or ends; see {@link WriteOptions}. */
  readonly inTurn: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Runs `work` in one write transaction of the database; it has to be in turn where it puts or ends. */
  write<Result>(
    work: (tx: SqlWriter, decisions: DecisionWriter) => Promise<Result>,
    options?: WriteOptions,
  ): Promise<Result>
}

export interface DecisionRecordsDeps extends WritingDeps {
  readonly recording: Recording
  /** What is put on record of a Consent that became inactive. */
  readonly told: (ended: EndedDecision) => AuditEvent
}

/** The records of decisions in a database that has their table, those of the records and of the trail. */
export function createDecisionRecords(sql: Sql, deps: DecisionRecordsDeps): DecisionRecords {
  const writeWithin = createWriteWithin(sql, deps)
  const { inTurn } = deps.recording
  return {
    inTurn,
    now: deps.now,
    write: (work, options) => writeWithin((tx, writer) => work(tx, writerOf(tx, writer, deps)), options),
  }
}

function writerOf(tx: SqlWriter, records: Writer, deps: DecisionRecordsDeps): DecisionWriter {
  const { recording, told, now } = deps
  async function end(which: Standing): Promise<number> {
    const ended: EndedDecision[] = []
    const { text, values } = where(which)
    const ending = 'grantId' in which ? which.grantId : 'userId' in which ? which.ended : undefined
    const rows = await tx.all<Row>(
      `SELECT consent_id, user_id, client_id, patient, launch FROM decision_records WHERE stands = 1 AND ${text}`,
      ...values,
    )
    for (const row of rows) {
      const { consent_id: consentId } = row
      if (ending !== undefined && (await passOn(tx, row, ending, now()))) continue
      await tx.run('UPDATE decision_records SET stands = 0 WHERE consent_id = ?', consentId)
      const patient = await endConsent(tx, records, consentId)
      if (patient !== undefined) ended.push({ consentId, ...(patient !== '' && { patient }) })
    }
    if (ended.length > 0)
      await recording.append(
        tx,
        ended.map((one) => ({ time: now(), event: told(one) })),
      )
    return rows.length
  }
  return {
    end,
    async put(record) {
      const earlier = await earlierOf(tx, record)
      if (earlier === undefined) await end({ key: record.key })
      const id = earlier ?? record.consentId
      const resource = { ...record.consent, id }
      await records.write([{ kind: 'put', resource, ifAbsent: earlier === undefined }], ignored)
      await putRow(tx, record, id)
      await recording.append(tx, [{ time: now(), event: record.told(id, earlier === undefined) }])
    },
  }
}

/** What became of it is known beforehand. */
const ignored = () => undefined

interface Row {
  readonly consent_id: string
  readonly user_id: string
  readonly client_id: string
  /** Empty where there is none. */
  readonly patient: string
  readonly launch: ConsentKey['launch']
}

/** Has a decision stand as long as another grant about the same does, if there is one: the app has access by that. */
async function passOn(tx: SqlWriter, row: Row, ending: string, now: number): Promise<boolean> {
  const { user_id: userId, client_id: clientId, patient, launch } = row
  const key = { userId, clientId, launch, ...(patient !== '' && { patient }) }
  const other = await findOtherGrant(tx, key, ending, now)
  if (other === undefined) return false
  await tx.run(
    `UPDATE decision_records SET grant_id = ?, lets_in = 0,
       stands_until = CASE WHEN stands_until < ? THEN stands_until ELSE ? END WHERE consent_id = ?`,
    ...[other.id, ...Array(2).fill(other.until ?? Number.MAX_SAFE_INTEGER), row.consent_id],
  )
  return true
}

/**
 * The id of the Consent whose next version a decision is: the one about the same, whether it stands or has ended. Not one that an
 * operator has removed or replaced, and not one in another patient's record: whoever reads that may not learn of this.
 */
async function earlierOf(tx: SqlWriter, { key, consent }: DecisionRecord): Promise<string | undefined> {
  const { text, values } = where({ key })
  const row = await tx.get<Pick<Row, 'consent_id'>>(
    `SELECT consent_id FROM decision_records WHERE ${text}`,
    ...values,
  )
  const current = row && (await findCurrent(tx, 'Consent', row.consent_id))
  if (current?.deleted !== 0) return undefined
  const found = JSON.parse(current.json) as Resource
  return bearsOurTag(found) && patientOf(found) === patientOf(consent) ? row?.consent_id : undefined
}

function bearsOurTag({ meta }: Resource): boolean {
  const tags = (meta?.tag ?? []) as readonly { readonly system?: string; readonly code?: string }[]
  return tags.some(({ system, code }) => system === keptTag.system && code === keptTag.code)
}

/** A bare id. */
function patientOf({ patient }: Resource): string | undefined {
  return ((patient ?? {}) as { reference?: string }).reference?.slice('Patient/'.length)
}

/** Of a person, an app, a record and a kind of launch there is one row. */
async function putRow(tx: SqlWriter, record: DecisionRecord, consentId: string): Promise<void> {
  const { key, grantId, letsIn, standsUntil } = record
  const { text, values } = where({ key })
  await tx.run(`DELETE FROM decision_records WHERE ${text}`, ...values)
  await tx.run(
    `INSERT INTO decision_records
     (consent_id, user_id, client_id, patient, launch, grant_id, lets_in, stands_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    consentId,
    ...keyValues(key),
    grantId,
    letsIn ? 1 : 0,
    standsUntil,
  )
}

/** Gives the id of its patient, empty where there is none; nothing where an operator has removed the Consent or put another in its place. */
async function endConsent(tx: SqlWriter, records: Writer, id: string): Promise<string | undefined> {
  const current = await findCurrent(tx, 'Consent', id)
  if (current?.deleted !== 0) return undefined
  const consent = JSON.parse(current.json) as Resource
  if (consent.status !== 'active' || !bearsOurTag(consent)) return undefined
  await records.write([{ kind: 'put', resource: { ...consent, status: 'inactive' } }], ignored)
  return patientOf(consent) ?? ''
}

function keyValues({ userId, clientId, patient = '', launch }: ConsentKey): string[] {
  return [userId, clientId, patient, launch]
}

function where(which: Standing): { readonly text: string; readonly values: readonly SqlValue[] } {
  if ('key' in which)
    return {
      text: 'user_id = ? AND client_id = ? AND patient = ? AND launch = ?',
      values: keyValues(which.key),
    }
  if ('grantId' in which) return { text: 'grant_id = ? AND lets_in = 0', values: [which.grantId] }
  if ('overBy' in which)
    return { text: 'stands_until <= ? ORDER BY stands_until LIMIT ?', values: [which.overBy, which.most] }
  if (!('userId' in which)) return { text: 'client_id = ?', values: [which.clientId] }
  const { userId, clientId, patient } = which
  const asked = [
    ['user_id = ?', userId],
    ...(clientId === undefined ? [] : [['client_id = ?', clientId]]),
    ...(patient === undefined ? [] : [['patient = ?', patient]]),
  ] as const
  return {
    text: asked.map(([condition]) => condition).join(' AND '),
    values: asked.flatMap(([, value]) => value ?? []),
  }
}
