/** What works once: steps of signing in, challenges, links that were mailed. */
import type { Ticket, TicketPurpose, TicketStore } from '../identity/credential-ports.ts'
import type { Migration } from './migrations.ts'
import type { Sql, SqlWriter } from './sql.ts'

export const ticketMigrations: readonly Migration[] = [
  {
    id: 'tickets-0001',
    sql: `CREATE TABLE tickets (
      hash TEXT PRIMARY KEY,
      purpose TEXT NOT NULL,
      account_id TEXT,
      data TEXT NOT NULL,
      expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX tickets_by_expiry ON tickets (expires_at);
    CREATE INDEX tickets_by_account ON tickets (account_id, purpose)`,
  },
]

interface TicketRow {
  readonly hash: string
  readonly purpose: string
  readonly account_id: string | null
  readonly data: string
  readonly expires_at: number
}

const good = 'hash = ? AND purpose = ? AND expires_at > ?'

/** Takes a ticket within a transaction: of two takers at once only one finds a row to delete. */
export async function takeTicket(
  tx: SqlWriter,
  purpose: TicketPurpose,
  hash: string,
  now: number,
): Promise<Ticket | undefined> {
  return ticketOf(
    await tx.get<TicketRow>(`DELETE FROM tickets WHERE ${good} RETURNING *`, hash, purpose, now),
  )
}

/** The ticket store over a database that has its table. */
export function createTicketStore(sql: Sql): TicketStore {
  return {
    add: (ticket) => sql.write((tx) => add(tx, ticket)),
    find: async (purpose, hash, now) =>
      ticketOf(await sql.get<TicketRow>(`SELECT * FROM tickets WHERE ${good}`, hash, purpose, now)),
    take: (purpose, hash, now) => sql.write((tx) => takeTicket(tx, purpose, hash, now)),
    replace: (ticket) =>
      sql.write(async (tx) => {
        await tx.run(
          'DELETE FROM tickets WHERE account_id = ? AND purpose = ?',
          ticket.accountId,
          ticket.purpose,
        )
        await add(tx, ticket)
      }),
    async sweep(now) {
      await sql.write((tx) => tx.run('DELETE FROM tickets WHERE expires_at <= ?', now))
    },
  }
}

async function add(tx: SqlWriter, ticket: Ticket): Promise<void> {
  await tx.run(
    'INSERT INTO tickets (hash, purpose, account_id, data, expires_at) VALUES (?, ?, ?, ?, ?)',
    ticket.hash,
    ticket.purpose,
    ticket.accountId ?? null,
    ticket.data,
    ticket.expiresAt,
  )
}

function ticketOf(row: TicketRow | undefined): Ticket | undefined {
  if (!row) return undefined
  return {
    purpose: row.purpose as TicketPurpose,
    hash: row.hash,
    ...(row.account_id !== null && { accountId: row.account_id }),
    data: row.data,
    expiresAt: row.expires_at,
  }
}
