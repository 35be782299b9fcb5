/**
 * Statements that a connection has prepared, several with one end: the server begins, ends and answers once for all of
 * them, and neither side tells the other again what their rows look like. What `pg` sends by itself is a description and
 * an end for each.
 */
import { type ClientBase, type Connection, type FieldDef, Query, type QueryConfig } from 'pg'
import { resultTypes } from './values.ts'

/** What a statement came to. */
export interface Answer<Row> {
  readonly rows: Row[]
  readonly rowCount: number | null
  /** Its first word, in capitals. */
  readonly command: string
}

/** A statement that waits for its answer. */
export interface Asked {
  readonly query: QueryConfig
  readonly columns: Columns
  readonly answered: (answer: Answer<unknown>) => void
  readonly failed: (reason: unknown) => void
  /** It was not carried out, because one before it was refused for this reason. */
  readonly passedOver: (reason: unknown) => void
}

interface Column {
  readonly name: string
  readonly parse: (text: string) => unknown
}

type Columns = readonly Column[]

/** What each connection has prepared. As long as it has a statement, what that gives cannot change. */
const prepared = new WeakMap<ClientBase, Map<string, Columns>>()

/** The columns that a statement gives; nothing when the connection has not prepared it. */
export function preparedColumns(client: ClientBase, { name }: QueryConfig): Columns | undefined {
  return name === undefined ? undefined : prepared.get(client)?.get(name)
}

/** Remembers that the connection has prepared a statement, and what it gives. */
export function rememberPrepared(client: ClientBase, name: string, fields: readonly FieldDef[]): void {
  const known = prepared.get(client) ?? new Map<string, Columns>()
  prepared.set(client, known)
  known.set(
    name,
    fields.map((field) => ({ name: field.name, parse: resultTypes.getTypeParser(field.dataTypeID) })),
  )
}

/** Sends them behind all that was sent before. */
export function sendBatch(client: ClientBase, asked: readonly Asked[]): void {
  client.query(new Batch(asked))
}

interface Told {
  readonly fields: readonly (string | null)[]
}

/** `pg` gives it what the server says until the end: of all its statements one after another. */
class Batch extends Query {
  readonly #asked: readonly Asked[]
  /** Which of them is being answered. */
  #at = 0
  #rows: unknown[] = []
  #unreadable: unknown

  constructor(asked: readonly Asked[]) {
    super({ text: '' })
    this.#asked = asked
  }

  override submit = (connection: Connection): null => {
    for (const { query } of this.#asked) {
      const { name, values = [] } = query
      connection.bind({ statement: name, values: values as string[], valueMapper: textOf }, true)
      connection.execute(null, true)
    }
    connection.sync()
    return null
  }

  handleDataRow({ fields }: Told): void {
    try {
      this.#rows.push(rowOf(this.#asked[this.#at]?.columns ?? [], fields))
    } catch (error) {
      this.#unreadable ??= error
    }
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const asked = this.#asked[this.#at++]
    if (this.#unreadable) asked?.failed(this.#unreadable)
    else asked?.answered({ rows: this.#rows, ...toldBy(text) })
    this.#rows = []
    this.#unreadable = undefined
  }

  handleError(reason: unknown): void {
    this.#asked[this.#at]?.failed(reason)
    for (const { passedOver } of this.#asked.slice(this.#at + 1)) passedOver(reason)
  }

  handleReadyForQuery(): void {}
}

function rowOf(columns: Columns, fields: Told['fields']): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  for (let at = 0; at < columns.length; at++) {
    const { name, parse } = columns[at] as Column
    const text = fields[at] ?? null
    row[name] = text === null ? null : parse(text)
  }
  return row
}

/** Such as `INSERT 0 1`, `SELECT 3` or `COMMIT`. */
function toldBy(text: string): Pick<Answer<unknown>, 'command' | 'rowCount'> {
  const words = text.split(' ')
  return { command: words[0] ?? '', rowCount: words.length > 1 ? Number(words.at(-1)) : null }
}

function textOf(value: string | number | null): string | null {
  return typeof value === 'number' ? String(value) : value
}
