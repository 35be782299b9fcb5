/** Reads the trail in the order of time, whole or of some patients, by index alone. */
import type { KeptRecord, Scanned, TrailPlace, TrailQuery, TrailScan } from '../../audit/reader.ts'
import type { Dialect, Fragment, SqlReader } from '../sql.ts'

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
  const { text, values } = readQuery(query)
  return (await sql.all<Row>(text, ...values)).map(recordOf)
}

/** The statement for them; of one patient or more where patients are named. */
export function readQuery(query: TrailQuery): Fragment {
  return query.patients ? ofPatients(query, query.patients) : ofAll(query)
}

/**
 * The records that mention what is asked for, among the next ones. There is no index of what records mention: each would
 * be one more page to write for every request that is put on record. The texts are looked for where they lie, a bounded
 * number of records at a time, and only those that have them are given.
 */
export async function scanRecords(sql: SqlReader, query: TrailScan): Promise<Scanned> {
  if (query.mentions.some((texts) => texts.length === 0)) return { records: [] }
  const last = lastPlace(query)
  const end = await sql.get<TrailPlace>(last.text, ...last.values)
  const { text, values } = mentioning(query, end, sql.dialect)
  const records = (await sql.all<Row>(text, ...values)).map(recordOf)
  const reached = records.length < query.limit ? end : records.at(-1)
  return { records, ...(reached && { reached: { time: reached.time, seq: reached.seq } }) }
}

/** The last of the next `most` places, if there are so many: by the index alone. */
export function lastPlace(query: TrailScan): Fragment {
  const { text, values } = within(query)
  return {
    text: `SELECT time, seq FROM audit WHERE ${text} ${orderOf(query, '')} LIMIT 1 OFFSET ?`,
    values: [...values, query.most - 1],
  }
}

/** Those up to `end` that mention what is asked for. */
export function mentioning(query: TrailScan, end: TrailPlace | undefined, dialect: Dialect): Fragment {
  const { text, values } = within(query, end)
  const mentions = query.mentions.map((texts) => texts.map((one) => dialect.contains('event', one)))
  const conditions = mentions.map((any) => `(${any.map((one) => one.text).join(' OR ')})`)
  // There are as many texts of this statement as there are numbers of mentions, and the two places say how it is best read.
  const time = dialect.inTime('seq')
  return {
    text: `SELECT seq, time, event FROM audit WHERE ${[text, ...conditions, time.text].join(' AND ')} ${orderOf(query, '')} LIMIT ?`,
    values: [...values, ...mentions.flat().flatMap((one) => one.values), ...time.values, query.limit],
  }
}

/** The record in a row. */
export function recordOf({ seq, time, event }: Row): KeptRecord {
  return { seq, time, event: JSON.parse(event) }
}

function ofAll(query: TrailQuery): Fragment {
  const { text, values } = within(query)
  return {
    text: `SELECT seq, time, event FROM audit WHERE ${text} ${orderOf(query, '')} LIMIT ?`,
    values: [...values, query.limit],
  }
}

/** Each patient's part is read by index up to the limit, then the parts are laid together. */
function ofPatients(query: TrailQuery, patients: readonly string[]): Fragment {
  const parts = patients.map((patient) => {
    const { text, values } = places('patient = ? AND ', query)
    return { text: `SELECT * FROM (${text}) one`, values: [patient, ...values] }
  })
  const all = parts.map(({ text }) => text).join(' UNION ')
  const first = `SELECT time, seq FROM (${all}) u ${orderOf(query, '')} LIMIT ?`
  return {
    text: `SELECT a.seq, a.time, a.event FROM (${first}) p JOIN audit a ON a.seq = p.seq ${orderOf(query, 'p.')}`,
    values: [...parts.flatMap(({ values }) => values), query.limit],
  }
}

function places(whose: string, query: TrailQuery): Fragment {
  const { text, values } = within(query)
  return {
    text: `SELECT time, seq FROM audit_patients WHERE ${whose}${text} ${orderOf(query, '')} LIMIT ?`,
    values: [...values, query.limit],
  }
}

type Range = Pick<TrailQuery, 'from' | 'to' | 'start' | 'newestFirst'>

/** The time of a place is said beside the place: an index is entered by a time, and a late page is to cost no more than the first. */
function within({ from, to, start, newestFirst }: Range, end?: TrailPlace): Fragment {
  const [first, last] = newestFirst ? [end, start] : [start, end]
  const times = [Math.max(from, first?.time ?? from), Math.min(to, last?.time ?? to)]
  const places = [first && { is: '>=', ...first }, last && { is: '<=', ...last }].filter(
    (one) => one !== undefined,
  )
  return {
    text: ['time >= ? AND time <= ?', ...places.map(({ is }) => `(time, seq) ${is} (?, ?)`)].join(' AND '),
    values: [...times, ...places.flatMap(({ time, seq }) => [time, seq])],
  }
}

function orderOf({ newestFirst }: Pick<Range, 'newestFirst'>, of: string): string {
  const direction = newestFirst ? 'DESC' : 'ASC'
  return `ORDER BY ${of}time ${direction}, ${of}seq ${direction}`
}
