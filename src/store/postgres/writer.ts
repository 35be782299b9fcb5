/** Reads and writes of one transaction, over a connection of its own. */
import type { ClientBase } from 'pg'
import type { SqlValue, SqlWriter } from '../sql.ts'
import { postgresDialect } from './dialect.ts'
import { faultOf } from './faults.ts'
import { createOutgoing, inOrder, type Sent } from './outgoing.ts'
import { sendOn } from './send.ts'
import { type NameOf, nameOf } from './statement-names.ts'
import {
  type AddedRows,
  insertStatement,
  queryOf,
  removeStatement,
  reserveStatement,
  type Statement,
  type TableColumns,
  updateStatement,
} from './statements.ts'
import { numberMarks, translateScript } from './translate.ts'

export interface OpenWriter {
  readonly tx: SqlWriter
  /** Sends what was added and not sent yet; from then on the writer is of no use. */
  close(): Promise<Sent>
  /** From now on the writer is of no use. */
  end(): void
}

export interface WriterDeps {
  readonly columnsOf: TableColumns
  readonly nameOfAsked: NameOf
  /** See {@link SqlWriter}. */
  readonly together: object
}

/**
 * Makes the writer of the transaction that the connection is in. What is asked of it is sent at once: statements that do
 * not wait for each other's answers are one way to the server.
 */
export function openWriter(client: ClientBase, { columnsOf, nameOfAsked, together }: WriterDeps): OpenWriter {
  let over = false
  const types = (table: string) => columnsOf(table, client)
  const outgoing = createOutgoing((rows) => insertStatement(rows, types), sendPlanned)

  function check(): void {
    if (over) throw new Error('the transaction is over')
  }

  async function send<Row>(statement: Statement, name?: string) {
    check()
    try {
      return await sendOn<Row>(client, queryOf(statement, name))
    } catch (error) {
      throw faultOf(error)
    }
  }

  /** One of few texts, each of which takes longer to plan than to carry out: a connection plans it once. */
  function sendPlanned<Row>(statement: Statement) {
    return send<Row>(statement, nameOf(statement.text))
  }

  /** Sends a statement behind what was added before. */
  async function sendNext<Answer>(next: () => Promise<Answer>): Promise<Answer> {
    const { taken } = await outgoing.send()
    return inOrder(taken, next())
  }

  function ask<Row>(text: string, values: readonly SqlValue[]) {
    const statement = { text: numberMarks(text), values }
    return sendNext(() => send<Row>(statement, nameOfAsked(statement.text)))
  }

  async function add(rows: AddedRows): Promise<void> {
    check()
    await outgoing.add(rows)
  }

  const tx: SqlWriter = {
    dialect: postgresDialect,
    together,
    get: async <Row>(text: string, ...values: SqlValue[]) => (await ask<Row>(text, values)).rows[0],
    all: async <Row>(text: string, ...values: SqlValue[]) => (await ask<Row>(text, values)).rows,
    run: async (text, ...values) => ({ changes: (await ask(text, values)).rowCount ?? 0 }),
    insertAll: (table, columns, rows) => add({ table, columns, rows, mayBeThere: true }),
    addAll: (table, columns, rows) => add({ table, columns, rows, mayBeThere: false }),
    async updateAll(table, columns, rows) {
      if (rows.length === 0) return
      const statement = await updateStatement({ table, columns, rows }, types)
      await sendNext(() => sendPlanned(statement))
    },
    async removeAll(tables, column, values) {
      if (values.length === 0) return
      const statement = { text: removeStatement(tables, column), values: [values] }
      await sendNext(() => sendPlanned(statement))
    },
    async reserve(table, column, count) {
      if (count === 0) return []
      const statement = { text: reserveStatement, values: [table, column, count] }
      const { rows } = await sendNext(() => sendPlanned<{ number: number }>(statement))
      return rows.map(({ number }) => number)
    },
    async script(text) {
      await sendNext(() => send({ text: translateScript(text), values: [] }))
    },
  }
  return {
    tx,
    async close() {
      const sent = await outgoing.send()
      over = true
      return sent
    },
    end: () => {
      over = true
    },
  }
}
