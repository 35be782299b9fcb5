/** The writer of one transaction on a connection to PostgreSQL. */
import { hash } from 'node:crypto'
import type { ClientBase } from 'pg'
import type { SqlValue, SqlWriter } from '../sql.ts'
import { postgresDialect } from './dialect.ts'
import { faultOf } from './faults.ts'
import { type AddedRows, insertStatement, type TableColumns } from './insert.ts'
import { numberMarks, translateScript } from './translate.ts'
import { toPostgres } from './values.ts'

export interface OpenWriter {
  readonly tx: SqlWriter
  /** Sends what was added and not sent yet. */
  flush(): Promise<void>
  /** From now on the writer is of no use. */
  end(): void
}

/** So many rows are sent at once. */
const rowsAtOnce = 5000

/** Rows that are added wait for the next statement, so that all tables of a resource are one way to the server. */
export function openWriter(client: ClientBase, columnsOf: TableColumns): OpenWriter {
  let over = false
  let added: AddedRows[] = []
  let count = 0

  async function send<Row>(text: string, values: readonly SqlValue[], name?: string) {
    if (over) throw new Error('the transaction is over')
    try {
      return await client.query<Row & object>({
        text,
        values: values.map(toPostgres),
        ...(name !== undefined && { name }),
      })
    } catch (error) {
      throw faultOf(error)
    }
  }

  async function flush(): Promise<void> {
    if (added.length === 0) return
    const rows = added
    added = []
    count = 0
    const { text, values } = await insertStatement(rows, (table) => columnsOf(table, client))
    // One of few texts, each of which takes longer to plan than to carry out: a connection plans it once.
    await send(text, values, hash('md5', text))
  }

  async function ask<Row>(text: string, values: readonly SqlValue[]) {
    await flush()
    return send<Row>(numberMarks(text), values)
  }

  const tx: SqlWriter = {
    dialect: postgresDialect,
    get: async <Row>(text: string, ...values: SqlValue[]) => (await ask<Row>(text, values)).rows[0],
    all: async <Row>(text: string, ...values: SqlValue[]) => (await ask<Row>(text, values)).rows,
    run: async (text, ...values) => ({ changes: (await ask(text, values)).rowCount ?? 0 }),
    async insertAll(table, columns, rows) {
      if (over) throw new Error('the transaction is over')
      for (let at = 0; at < rows.length; at += rowsAtOnce) {
        const some = rows.slice(at, at + rowsAtOnce)
        added.push({ table, columns, rows: some })
        count += some.length
        if (count >= rowsAtOnce) await flush()
      }
    },
    async script(text) {
      await flush()
      await send(translateScript(text), [])
    },
  }
  return {
    tx,
    flush,
    end: () => {
      over = true
    },
  }
}
