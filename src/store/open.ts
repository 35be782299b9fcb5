/** Opens the database that the settings name. */
import { prepareSchema } from './schema.ts'
import type { Sql } from './sql.ts'
import { openSqlite } from './sqlite/sql.ts'

/** Opens (or makes) the database in the folder `data`, its tables brought up to date. */
export async function openStore(data: string): Promise<Sql> {
  const sql = openSqlite(data)
  try {
    await prepareSchema(sql)
    return sql
  } catch (error) {
    await sql.close()
    throw error
  }
}
