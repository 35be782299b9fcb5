/** A database that notes what it is asked: the work that a request makes, told without a clock. */
import type { Sql, SqlReader, SqlWriter } from '../../../src/store/sql.ts'

export interface Statements {
  /** The texts of what was asked of the records since the last call, in order, without their values. */
  take(): string[]
}

/** Reading the records is what could tell; who is concerned by a refusal stands in the trail, after the decision. */
const ofRecords = /\b(?:resources|versions|tokens|dates|numbers|links|compartments|strings|parts|texts)\b/

/** The same database, and what was asked of it. */
export function countStatements(sql: Sql): { readonly sql: Sql; readonly statements: Statements } {
  let noted: string[] = []
  const note = (text: string) => {
    if (ofRecords.test(text)) noted.push(text)
  }
  const reader = (under: SqlReader): Pick<SqlReader, 'get' | 'all'> => ({
    get: (text, ...values) => {
      note(text)
      return under.get(text, ...values)
    },
    all: (text, ...values) => {
      note(text)
      return under.all(text, ...values)
    },
  })
  const writer = (tx: SqlWriter): SqlWriter => ({
    ...tx,
    ...reader(tx),
    run: (text, ...values) => {
      note(text)
      return tx.run(text, ...values)
    },
  })
  return {
    sql: {
      ...sql,
      ...reader(sql),
      write: (work, options) => sql.write((tx) => work(writer(tx)), options),
    },
    statements: {
      take() {
        const taken = noted
        noted = []
        return taken
      },
    },
  }
}
