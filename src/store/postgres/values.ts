/** Values on their way to PostgreSQL and back. */
import { types } from 'pg'
import type { SqlValue } from '../sql.ts'

/** PostgreSQL keeps no character 0: it stands as what Unicode puts in place of what cannot be shown. */
const noCharacter = '\u{FFFD}'

export function toPostgres(value: SqlValue): string | number | null {
  if (typeof value === 'string') return textOf(value)
  return typeof value === 'object' && value !== null ? listOf(value as readonly SqlValue[]) : value
}

function textOf(value: string): string {
  return value.includes('\0') ? value.replaceAll('\0', noCharacter) : value
}

const special = /["\\]/

/** A list of texts and numbers as PostgreSQL reads it; an import has millions of them. */
function listOf(values: readonly SqlValue[]): string {
  let list = ''
  for (const value of values) list += list === '' ? elementOf(value) : `,${elementOf(value)}`
  return `{${list}}`
}

function elementOf(value: SqlValue): string {
  if (value === null) return 'NULL'
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') throw new TypeError('a list in a list is no value')
  const text = textOf(value)
  return special.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`
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
