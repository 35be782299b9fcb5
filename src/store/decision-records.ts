/**
 * What people decided about apps, as Consents among the records. A row here says which of them still stands; it is
 * removed with the version that says `inactive`. Both are written in the transaction that decides or ends.
 */
import type { AuditEvent } from '../audit/event.ts'
import type { DecisionRecord } from '../authorization/decision-record.ts'
import type { ConsentKey } from '../authorization/remembered-consent.ts'
import type { Resource } from '../smart/resource.ts'
import type { Recording } from './audit.ts'
import type { Migration } from './migrations.ts'
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
]

/** Which of the decisions that stand are meant. */
export type Standing =
  /** That which a new one replaces. */
  | { readonly key: ConsentKey }
  /** All of a person, or those about one app. */
  | { readonly userId: string; readonly clientId?: string }
  /** All about an app. */
  | { readonly clientId: string }
  /** That which gave this grant, unless it lets the app in again. */
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
  /** Stores a decision as an active Consent, in the place of one that it replaces. */
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
    const rows = await tx.all<Row>(`SELECT consent_id FROM decision_records WHERE ${text}`, ...values)
    for (const { consent_id: consentId } of rows) {
      await tx.run('DELETE FROM decision_records WHERE consent_id = ?', consentId)
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
      await end({ key: record.key })
      await records.write([{ kind: 'put', resource: record.consent, ifAbsent: true }], ignored)
      await addRow(tx, record)
      await recording.append(tx, [{ time: now(), event: record.told }])
    },
  }
}

/** What became of it is known beforehand. */
const ignored = () => undefined

interface Row {
  readonly consent_id: string
}

async function addRow(tx: SqlWriter, record: DecisionRecord): Promise<void> {
  const { key, grantId, letsIn, standsUntil } = record
  await tx.run(
    `INSERT INTO decision_records
     (consent_id, user_id, client_id, patient, launch, grant_id, lets_in, stands_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    record.consentId,
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
  if (consent.status !== 'active') return undefined
  await records.write([{ kind: 'put', resource: { ...consent, status: 'inactive' } }], ignored)
  const { reference } = (consent.patient ?? {}) as { reference?: string }
  return reference?.slice('Patient/'.length) ?? ''
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
  const { userId, clientId } = which
  return clientId === undefined
    ? { text: 'user_id = ?', values: [userId] }
    : { text: 'user_id = ? AND client_id = ?', values: [userId, clientId] }
}
