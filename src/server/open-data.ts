/** Opens the store that the settings name. */
import { existsSync } from 'node:fs'
import { type Config, ConfigError } from '../config.ts'
import { isPostgres, openStore } from '../store/open.ts'
import type { Sql } from '../store/sql.ts'
import { databaseIn } from '../store/sqlite/folder.ts'
import { UnusableStore } from '../store/unusable.ts'

/** The store, its tables up to date; throws a {@link ConfigError} where there is none of use. */
export async function openData({ data }: Pick<Config, 'data'>): Promise<Sql> {
  try {
    return await openStore(data)
  } catch (error) {
    throw error instanceof UnusableStore ? new ConfigError('--data', error.message) : error
  }
}

/** For who works with what is there: throws a {@link ConfigError} where there is nothing, so that a mistyped name makes no store. */
export function requireStore({ data }: Pick<Config, 'data'>): void {
  const missing = missingStore(data)
  if (missing !== undefined) throw new ConfigError('--data', missing)
}

/** That a folder has no store; nothing where it has one, or where only the database itself can tell. */
export function missingStore(data: string): string | undefined {
  return isPostgres(data) || existsSync(databaseIn(data)) ? undefined : `there is no store in ${data}`
}
