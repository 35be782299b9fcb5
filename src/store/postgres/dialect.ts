/** How PostgreSQL says what databases say differently. Its planner has statistics and takes no hints. */
import type { Dialect } from '../sql.ts'
import { plannedEachTime } from './statement-names.ts'

/** So much of a text is in an index; what an index may hold of a row has a limit. */
const indexedCharacters = 200
/** Greater than every other character, so that a prefix and it are past all that begins with the prefix. */
const lastCharacter = '\u{10FFFF}'

export const postgresDialect: Dialect = {
  // It gives statements up by itself, and nobody else waits for them. What is looked for decides where it is best looked for.
  inTime: () => ({ text: `TRUE ${plannedEachTime}`, values: [] }),
  within: () => postgresDialect,
  ofFew: () => ofFew,
  aboutOne: '',
  name: 'postgres',
  recordsAtOnce: 2000,
  compared: (column) => column,
  thenJoin: 'JOIN',
  contains: (column, text) => ({ text: `strpos(${column}, ?) > 0`, values: [text] }),
  starts(column, text) {
    const start = indexedPart(text)
    return {
      text: `(${indexed(column)} >= ? AND ${indexed(column)} < ? AND starts_with(${column}, ?))`,
      values: [start, start + lastCharacter, text],
    }
  },
  equals: (column, text) => ({
    text: `(${indexed(column)} = ? AND ${column} = ?)`,
    values: [indexedPart(text), text],
  }),
  isOneOf: (column, values) => ({ text: `${column} = ANY (?)`, values: [values] }),
  pairs: (values) => ({
    text: '(SELECT u.one, u.other FROM unnest(?::text[], ?::text[]) AS u (one, other))',
    values: [values.map(([one]) => one), values.map(([, other]) => other)],
  }),
}

/**
 * A subquery with an offset is no part of a join: it is carried out for each candidate, by the index that begins with the
 * candidate. A table of which nothing is known yet, since it was filled a moment ago, makes joins that go through all of it.
 */
const ofFew: Dialect = {
  ...postgresDialect,
  inTime: () => ({ text: 'TRUE', values: [] }),
  within: () => ofFew,
  aboutOne: ' OFFSET 0',
}

function indexed(column: string): string {
  return `left(${column}, ${indexedCharacters})`
}

function indexedPart(text: string): string {
  return Array.from(text).slice(0, indexedCharacters).join('')
}
