/** Values on their way to PostgreSQL and back. */
import { types } from 'pg'
import type { SqlValue } from '../sql.ts'

/** PostgreSQL keeps no character 0: it stands as what Unicode puts in place of what cannot be shown. */
const noCharacter = '\u{FFFD}'

export function toPostgres(value: SqlValue): unknown {
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', noCharacter) : value
  return Array.isArray(value) ? value.map(toPostgres) : value
}

/** Whole numbers come as text because they may be greater than a number of JavaScript; ours are not. */
function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new RangeError('a whole number in the database is too great')
  return number
}

const parsers = new Map<number, (text: string) => unknown>([[types.builtins.INT8, wholeNumber]])

/** How results are read; in place of the parsers of `pg`. */
export const resultTypes = {
  getTypeParser: ((id: number, format?: 'text' | 'binary') =>
    parsers.get(id) ?? types.getTypeParser(id, format as 'text')) as typeof types.getTypeParser,
}
