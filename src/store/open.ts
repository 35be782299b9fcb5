/** Opens the database that the settings name. */
import { prepareSchema } from './schema.ts'
import type { Sql } from './sql.ts'
import { UnusableStore } from './unusable.ts'

/** Opens the PostgreSQL database at the address `data`, or opens (or makes) the one in the folder `data`, as it is. */
export async function connectStore(data: string): Promise<Sql> {
  // Only the one that is asked for is loaded.
  return isPostgres(data)
    ? (await import('./postgres/sql.ts')).openPostgres(data)
    : (await import('./sqlite/sql.ts')).openSqlite(data)
}

/** The same, its tables brought up to date. Throws {@link UnusableStore} where `data` names none that can be written to. */
export async function openStore(data: string): Promise<Sql> {
  const sql = await connectStore(data)
  try {
    await tryToWrite(sql, data)
    await prepareSchema(sql)
    return sql
  } catch (error) {
    await sql.close()
    throw isPostgres(data) && isNotAllowed(error) ? ofAnother(error) : error
  }
}

const insufficientPrivilege = '42501'

function isNotAllowed(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === insufficientPrivilege
}

/** As after a restore by somebody else: the database is there, and nothing in it can be read. */
function ofAnother(error: Error): UnusableStore {
  const reason = `the PostgreSQL database cannot be used: ${error.message}`
  return new UnusableStore(`${reason}. Its schema and tables have to belong to the user that connects`, {
    cause: error,
  })
}

/** Nothing is written; but whoever may not, or reaches nobody, is told here. */
async function tryToWrite(sql: Sql, data: string): Promise<void> {
  try {
    await sql.write(async () => undefined, { alone: true })
  } catch (error) {
    if (isPostgres(data)) throw unreachable(error)
    throw (await import('./sqlite/database.ts')).unusable(data, error)
  }
}

/** Whether the setting is the address of a PostgreSQL database. */
export function isPostgres(data: string): boolean {
  return /^postgres(ql)?:\/\//i.test(data)
}

/** Several addresses of one host may each have failed for a reason of its own. */
function unreachable(error: unknown): UnusableStore {
  const [first = error] = error instanceof AggregateError ? error.errors : []
  const reason = first instanceof Error ? first.message : String(first)
  return new UnusableStore(`the PostgreSQL database cannot be opened: ${reason}`, { cause: error })
}
