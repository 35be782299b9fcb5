/** The rules that every store of records is given. */
import { patientsOf } from '../../smart/compartment.ts'
import { parseExact, writeExact } from '../exact-json.ts'
import type { Indexing } from '../repository.ts'
import { formatCursor } from './cursor.ts'
import { extract } from './extract.ts'

/** What a store indexes of a resource, how it writes one, and how it tells where a page ends. */
export const indexing: Indexing = {
  extract,
  patientsOf,
  formatCursor,
  writeJson: writeExact,
  parseJson: parseExact,
}
