/** Whether the database is whole, and whether its tables are those of this program. */
import { type SchemaState, schemaState } from '../../store/schema.ts'
import type { Sql } from '../../store/sql.ts'
import type { Check, Finding } from './check.ts'

const mostNamed = 5

/** The checks of a database. */
export function databaseChecks(sql: Sql): Check[] {
  return [
    { name: 'database', run: () => (sql.dialect.name === 'sqlite' ? integrity(sql) : answering(sql)) },
    { name: 'tables', run: async () => told(await schemaState(sql)) },
  ]
}

async function integrity(sql: Sql): Promise<Finding> {
  const rows = await sql.all<Record<string, string>>('PRAGMA integrity_check')
  const faults = rows.flatMap((row) => Object.values(row)).filter((text) => text !== 'ok')
  if (faults.length > 0) return { ok: false, detail: `damaged: ${faults.slice(0, mostNamed).join('; ')}` }
  const dangling = await sql.all<{ table: string }>('PRAGMA foreign_key_check')
  const tables = [...new Set(dangling.map(({ table }) => table))]
  return dangling.length === 0
    ? { ok: true, detail: 'whole, and every reference between tables holds' }
    : { ok: false, detail: `${dangling.length} rows refer to what is not there, in ${tables.join(', ')}` }
}

/** PostgreSQL looks after its own files: there it is enough that it answers. */
async function answering(sql: Sql): Promise<Finding> {
  return (await sql.isReady())
    ? { ok: true, detail: 'PostgreSQL answers' }
    : { ok: false, detail: 'PostgreSQL does not answer' }
}

function told({ missing, unknown }: SchemaState): Finding {
  if (unknown.length > 0)
    return { ok: false, detail: `of a newer program: ${unknown.slice(0, mostNamed).join(', ')}` }
  if (missing.length > 0)
    return {
      ok: false,
      detail: `not brought up to date, which a start of the server does: ${missing.slice(0, mostNamed).join(', ')}`,
    }
  return { ok: true, detail: 'as this program expects' }
}
