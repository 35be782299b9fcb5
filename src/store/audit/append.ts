/** Appends to the chain. The record before is read inside the transaction: several processes may append to one trail. */
import type { Checkpoint, Link, TrailRules } from '../../audit/chain.ts'
import type { AuditRecord } from '../../audit/trail.ts'
import type { SqlReader, SqlValue, SqlWriter } from '../sql.ts'

/** The ends of the chain that were written by works that are kept or undone together, or are asked for by the first of them. */
const heads = new WeakMap<object, Checkpoint>()
const asked = new WeakMap<object, Promise<Checkpoint>>()

const unchainedAtOnce = 1000

/** Appends `records` in order; whoever appends does so in turn. `head` is the end of the chain, where it is known. */
export async function appendRecords(
  tx: SqlWriter,
  records: readonly AuditRecord[],
  rules: TrailRules,
  head?: Checkpoint,
): Promise<void> {
  const found = head ?? (await headOf(tx, rules))
  // Others may have appended since it was asked for: from here on nothing is waited for until the new end is known.
  const links = chained(records, heads.get(tx.together) ?? found, rules)
  const last = links.at(-1)
  if (last) heads.set(tx.together, last)
  await insertLinks(tx, links)
  await insertPatients(
    tx,
    records.flatMap(({ time, event }, at) =>
      rules.concernedBy(event).map((patient) => [patient, time, links[at]?.seq ?? 0]),
    ),
  )
}

function chained(records: readonly AuditRecord[], head: Checkpoint, { hashOf }: TrailRules): Link[] {
  let { seq, hash } = head
  return records.map(({ time, event }) => {
    seq++
    const content = { seq, time, event: JSON.stringify(event) }
    hash = hashOf(hash, content)
    return { ...content, hash }
  })
}

/** A number that is taken fails, as it must: a record that was left out would be no record. */
async function insertLinks(tx: SqlWriter, links: readonly Link[]): Promise<void> {
  const rows = links.map(({ seq, time, event, hash }) => [seq, time, event, hash])
  await tx.addAll('audit', ['seq', 'time', 'event', 'hash'], rows)
}

async function insertPatients(tx: SqlWriter, rows: readonly SqlValue[][]): Promise<void> {
  if (rows.length > 0) await tx.insertAll('audit_patients', ['patient', 'time', 'seq'], rows)
}

/** The end of the chain, to which the next record is chained unless others of the transaction come before it. */
export function headOf(tx: SqlWriter, rules: TrailRules): Promise<Checkpoint> {
  const known = heads.get(tx.together)
  if (known) return Promise.resolve(known)
  const before = asked.get(tx.together)
  if (before) return before
  const now = askHead(tx, rules)
  asked.set(tx.together, now)
  return now
}

async function askHead(tx: SqlWriter, rules: TrailRules): Promise<Checkpoint> {
  const head = await tx.get<Checkpoint>('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1')
  if (!head) return checkpointOf(tx, rules)
  if (head.hash !== '') return head
  // A program of an older version has appended meanwhile.
  while ((await chainSome(tx, rules)) > 0);
  return askHead(tx, rules)
}

/** The end of what was removed, or the place before the first record. */
export async function checkpointOf(sql: SqlReader, { beginning }: TrailRules): Promise<Checkpoint> {
  return (await sql.get<Checkpoint>('SELECT seq, hash FROM audit_checkpoint')) ?? beginning
}

/** Gives some records of an older version their digests and their patients; gives how many there were. */
export async function chainSome(tx: SqlWriter, rules: TrailRules): Promise<number> {
  const rows = await tx.all<Omit<Link, 'hash'>>(
    "SELECT seq, time, event FROM audit WHERE hash = '' ORDER BY seq LIMIT ?",
    unchainedAtOnce,
  )
  const [first] = rows
  if (!first) return 0
  const before = 'SELECT seq, hash FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT 1'
  let { hash } = (await tx.get<Checkpoint>(before, first.seq)) ?? (await checkpointOf(tx, rules))
  for (const row of rows) {
    hash = rules.hashOf(hash, row)
    await tx.run('UPDATE audit SET hash = ? WHERE seq = ?', hash, row.seq)
  }
  await insertPatients(
    tx,
    rows.flatMap(({ seq, time, event }) =>
      rules.concernedBy(JSON.parse(event)).map((patient) => [patient, time, seq]),
    ),
  )
  return rows.length
}
