/** Opens the store that the settings name. */
import { type Config, ConfigError } from '../config.ts'
import { openStore } from '../store/open.ts'
import type { Sql } from '../store/sql.ts'
import { UnusableStore } from '../store/unusable.ts'

/** The store, its tables up to date; throws a {@link ConfigError} where there is none of use. */
export async function openData({ data }: Pick<Config, 'data'>): Promise<Sql> {
  try {
    return await openStore(data)
  } catch (error) {
    throw error instanceof UnusableStore ? new ConfigError('--data', error.message) : error
  }
}
