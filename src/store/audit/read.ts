/** Reads the trail in the order of time, whole or of some patients, by index alone. */
import type { KeptRecord, TrailQuery } from '../../audit/reader.ts'
import type { Fragment, SqlReader } from '../sql.ts'

interface Row {
  readonly seq: number
  readonly time: number
  readonly event: string
}

/** The record with that number. */
export async function findRecord(sql: SqlReader, seq: number): Promise<KeptRecord | undefined> {
  const row = await sql.get<Row>('SELECT seq, time, event FROM audit WHERE seq = ?', seq)
  return row && recordOf(row)
}

/** The records that a query asks for. */
export async function readRecords(sql: SqlReader, query: TrailQuery): Promise<KeptRecord[]> {
  if (query.patients?.length === 0) return []
  const { text, values } = query.patients ? ofPatients(query, query.patients) : ofAll(query)
  return (await sql.all<Row>(text, ...values)).map(recordOf)
}

/** The record in a row. */
export function recordOf({ seq, time, event }: Row): KeptRecord {
  return { seq, time, event: JSON.parse(event) }
}

function ofAll(query: TrailQuery): Fragment {
  const { text, values } = places('audit', '', query)
  return {
    text: `SELECT a.seq, a.time, a.event FROM (${text}) p JOIN audit a ON a.seq = p.seq ${orderOf(query, 'p.')}`,
    values,
  }
}

/** Each patient's part is read by index up to the limit, then the parts are laid together. */
function ofPatients(query: TrailQuery, patients: readonly string[]): Fragment {
  const parts = patients.map((patient) => {
    const { text, values } = places('audit_patients', 'patient = ? AND ', query)
    return { text: `SELECT * FROM (${text}) one`, values: [patient, ...values] }
  })
  const all = parts.map(({ text }) => text).join(' UNION ')
  const first = `SELECT time, seq FROM (${all}) u ${orderOf(query, '')} LIMIT ?`
  return {
    text: `SELECT a.seq, a.time, a.event FROM (${first}) p JOIN audit a ON a.seq = p.seq ${orderOf(query, 'p.')}`,
    values: [...parts.flatMap(({ values }) => values), query.limit],
  }
}

function places(table: string, whose: string, query: TrailQuery): Fragment {
  const { from, to, start, newestFirst, limit } = query
  const onward = start ? ` AND (time, seq) ${newestFirst ? '<=' : '>='} (?, ?)` : ''
  return {
    text: `SELECT time, seq FROM ${table} WHERE ${whose}time >= ? AND time <= ?${onward} ${orderOf(query, '')} LIMIT ?`,
    values: [from, to, ...(start ? [start.time, start.seq] : []), limit],
  }
}

function orderOf({ newestFirst }: TrailQuery, of: string): string {
  const direction = newestFirst ? 'DESC' : 'ASC'
  return `ORDER BY ${of}time ${direction}, ${of}seq ${direction}`
}
