/** Writes and removes the index rows of a resource. */
import type { Indexing } from '../../resource/repository.ts'
import type { IndexValue } from '../../resource/search/rows.ts'
import type { Resource } from '../../smart/resource.ts'
import type { Database } from '../sqlite/database.ts'
import type { Dictionary } from './dictionary.ts'

export interface IndexRows {
  add(row: number, resource: Resource): void
  remove(row: number): void
}

const tablesOfRows = ['tokens', 'strings', 'dates', 'numbers', 'links', 'compartments']

/** Index rows by the rules of `indexing`; the caller holds the transaction. */
export function createIndexRows(db: Database, dictionary: Dictionary, indexing: Indexing): IndexRows {
  function add(row: number, resource: Resource): void {
    for (const { parameter, value } of indexing.extract(resource))
      insert(row, dictionary.parameter(parameter), value)
    for (const patient of indexing.patientsOf(resource)) {
      db.run('INSERT OR IGNORE INTO compartments VALUES (?, ?, ?)', patient, resource.resourceType, row)
    }
  }

  // The same value may stand in a resource twice: one row is enough.
  function insert(row: number, parameter: number, value: IndexValue): void {
    switch (value.kind) {
      case 'token':
        db.run(
          'INSERT OR IGNORE INTO tokens VALUES (?, ?, ?, ?)',
          row,
          parameter,
          dictionary.system(value.system),
          value.code,
        )
        return
      case 'string':
        db.run('INSERT OR IGNORE INTO strings VALUES (?, ?, ?, ?)', row, parameter, value.folded, value.exact)
        return
      case 'date':
        db.run('INSERT OR IGNORE INTO dates VALUES (?, ?, ?, ?)', row, parameter, value.low, value.high)
        return
      case 'number': {
        const system = dictionary.system(value.system)
        const { low, high, code, unit } = value
        db.run(
          'INSERT OR IGNORE INTO numbers VALUES (?, ?, ?, ?, ?, ?, ?)',
          row,
          parameter,
          low,
          high,
          system,
          code,
          unit,
        )
        return
      }
      case 'reference':
        db.run(
          'INSERT OR IGNORE INTO links VALUES (?, ?, ?, ?, ?)',
          row,
          parameter,
          value.type,
          value.id,
          value.url,
        )
    }
  }

  function remove(row: number): void {
    for (const table of tablesOfRows) db.run(`DELETE FROM ${table} WHERE row = ?`, row)
  }

  return { add, remove }
}
