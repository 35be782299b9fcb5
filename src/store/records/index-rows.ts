/** Writes and removes the index rows of a resource. */
import type { Indexing } from '../../resource/repository.ts'
import type { IndexValue } from '../../resource/search/rows.ts'
import type { Resource } from '../../smart/resource.ts'
import type { SqlValue, SqlWriter } from '../sql.ts'
import type { Numbers } from './dictionary.ts'
import { indexKey } from './index-key.ts'

const columns = {
  tokens: ['row', 'parameter', 'system', 'code'],
  strings: ['row', 'parameter', 'folded', 'exact'],
  dates: ['row', 'parameter', 'low', 'high'],
  numbers: ['row', 'parameter', 'low', 'high', 'system', 'code', 'unit'],
  links: ['row', 'parameter', 'type', 'id', 'url'],
  texts: ['row', 'parameter', 'words'],
  parts: 'row parameter part system code unit low high folded exact type id url'.split(' '),
  compartments: ['patient', 'type', 'row'],
} as const satisfies Record<string, readonly string[]>

type Table = keyof typeof columns

const tables = Object.keys(columns) as Table[]

/** A resource and its row in the table of resources. */
export interface IndexedResource {
  readonly row: number
  readonly resource: Resource
}

export interface IndexRows {
  /** Adds the rows of resources that have none. */
  addAll(resources: readonly IndexedResource[]): Promise<void>
  /** Removes all rows of the resources that have these numbers. */
  removeAll(rows: readonly number[]): Promise<void>
}

/** Index rows by the rules of `indexing`, in one transaction. */
export function createIndexRows(tx: SqlWriter, numbers: Numbers, indexing: Indexing): IndexRows {
  async function addAll(resources: readonly IndexedResource[]): Promise<void> {
    const rows = new Map<Table, SqlValue[][]>()
    for (const { row, resource } of resources) await collect(row, resource, rows)
    // The same value may stand in a resource twice: one row is enough, and more are left out.
    for (const [table, added] of rows) await tx.insertAll(table, columns[table], added)
  }

  async function collect(row: number, resource: Resource, rows: Map<Table, SqlValue[][]>): Promise<void> {
    for (const { parameter, value, part } of indexing.extract(resource)) {
      const known = numbers.parameter(parameter)
      const number = typeof known === 'number' ? known : await known
      const system = 'system' in value ? numbers.system(value.system) : 0
      const systemNumber = typeof system === 'number' ? system : await system
      const first = [row, number] as const
      if (part === undefined) addTo(rows, tableOf[value.kind], valuesOf(value, first, systemNumber))
      else addTo(rows, 'parts', partOf(value, [...first, part], systemNumber))
    }
    for (const patient of indexing.patientsOf(resource))
      addTo(rows, 'compartments', [patient, resource.resourceType, row])
  }

  return { addAll, removeAll: (rows) => tx.removeAll(tables, 'row', rows) }
}

function addTo(rows: Map<Table, SqlValue[][]>, table: Table, values: SqlValue[]): void {
  const list = rows.get(table)
  if (list) list.push(values)
  else rows.set(table, [values])
}

const tableOf = {
  token: 'tokens',
  string: 'strings',
  date: 'dates',
  number: 'numbers',
  reference: 'links',
  text: 'texts',
} as const satisfies Record<IndexValue['kind'], Table>

function valuesOf(
  value: IndexValue,
  [row, parameter]: readonly [number, number],
  system: number,
): SqlValue[] {
  switch (value.kind) {
    case 'token':
      return [row, parameter, system, indexKey(value.code)]
    case 'string':
      return [row, parameter, value.folded, value.exact]
    case 'date':
      return [row, parameter, value.low, value.high]
    case 'number':
      return [row, parameter, value.low, value.high, system, indexKey(value.code), indexKey(value.unit)]
    case 'reference':
      return [row, parameter, value.type, indexKey(value.id), indexKey(value.url)]
    case 'text':
      return [row, parameter, value.words]
  }
}

const emptyPart = { code: '', unit: '', low: 0, high: 0, folded: '', exact: '', type: '', id: '', url: '' }

/** Values of composites share one table: what a kind of value does not have is empty. */
function partOf(value: IndexValue, first: readonly number[], system: number): SqlValue[] {
  const { code, unit, low, high, folded, exact, type, id, url } = { ...emptyPart, ...value }
  const texts = [folded, exact, type, indexKey(id), indexKey(url)]
  return [...first, system, indexKey(code), indexKey(unit), low, high, ...texts]
}
