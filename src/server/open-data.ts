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

/** For who works with what is there: throws a {@link ConfigError} where a folder has no store, so that a mistyped name makes none. */
export function requireStore({ data }: Pick<Config, 'data'>): void {
  if (isPostgres(data) || existsSync(databaseIn(data))) return
  throw new ConfigError('--data', `there is no store in ${data}`)
}
