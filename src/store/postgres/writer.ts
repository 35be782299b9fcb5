/** Reads and writes of one transaction, over a connection of its own; works that are kept or undone together may share it. */
import type { ClientBase } from 'pg'
import type { SqlValue, SqlWriter } from '../sql.ts'
import type { Answer } from './batch.ts'
import { postgresDialect } from './dialect.ts'
import { faultOf } from './faults.ts'
import { createOutgoing, inOrder, type Outgoing, type Sent } from './outgoing.ts'
import { sendOn } from './send.ts'
import { type NameOf, nameOf } from './statement-names.ts'
import {
  type AddedRows,
  type ColumnTypes,
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
  /** From now on the writer is of no use. */
  end(): void
}

/** Writers of one transaction. Rows that their works add are one statement, whichever of them added them. */
export interface Writers {
  open(): OpenWriter
  /** Sends what was added and not sent yet. */
  send(): Promise<Sent>
}

export interface WriterDeps {
  readonly columnsOf: TableColumns
  readonly nameOfAsked: NameOf
}

/** The writers of the transaction that the connection is in. */
export function createWriters(client: ClientBase, deps: WriterDeps): Writers {
  const types = (table: string) => deps.columnsOf(table, client)
  const outgoing = createOutgoing(
    (rows) => insertStatement(rows, types),
    (statement) => sendPlanned(client, statement),
  )
  const together = {}
  return {
    open: () => openWriter(client, { ...deps, types, outgoing, together }),
    send: outgoing.send,
  }
}

interface Shared extends Pick<WriterDeps, 'nameOfAsked'> {
  readonly types: (table: string) => Promise<ColumnTypes>
  readonly outgoing: Outgoing
  /** See {@link SqlWriter}. */
  readonly together: object
}

async function send<Row>(client: ClientBase, statement: Statement, name?: string): Promise<Answer<Row>> {
  try {
    return await sendOn<Row>(client, queryOf(statement, name))
  } catch (error) {
    throw faultOf(error)
  }
}

/** One of few texts, each of which takes longer to plan than to carry out: a connection plans it once. */
function sendPlanned<Row>(client: ClientBase, statement: Statement): Promise<Answer<Row>> {
  return send<Row>(client, statement, nameOf(statement.text))
}

/** What is asked of a writer is sent at once: statements that do not wait for each other's answers are one way to the server. */
function openWriter(client: ClientBase, { types, nameOfAsked, outgoing, together }: Shared): OpenWriter {
  let over = false

  function check(): void {
    if (over) throw new Error('the transaction is over')
  }

  /** Sends a statement behind what was added before. */
  async function sendNext<Told>(next: () => Promise<Told>): Promise<Told> {
    check()
    const { taken } = await outgoing.send()
    check()
    return inOrder(taken, next())
  }

  function ask<Row>(text: string, values: readonly SqlValue[]) {
    const statement = { text: numberMarks(text), values }
    return sendNext(() => send<Row>(client, statement, nameOfAsked(statement.text)))
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
      await sendNext(() => sendPlanned(client, statement))
    },
    async removeAll(tables, column, values) {
      if (values.length === 0) return
      const statement = { text: removeStatement(tables, column), values: [values] }
      await sendNext(() => sendPlanned(client, statement))
    },
    async reserve(table, column, count) {
      if (count === 0) return []
      const statement = { text: reserveStatement, values: [table, column, count] }
      const { rows } = await sendNext(() => sendPlanned<{ number: number }>(client, statement))
      return rows.map(({ number }) => number)
    },
    async script(text) {
      await sendNext(() => send(client, { text: translateScript(text), values: [] }))
    },
  }
  return {
    tx,
    end: () => {
      over = true
    },
  }
}
