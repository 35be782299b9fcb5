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
      const [table, values] =
        part === undefined ? valuesOf(value, systemNumber) : partOf(value, part, systemNumber)
      addTo(rows, table, [row, number, ...values])
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

function valuesOf(value: IndexValue, system: number): [table: Table, values: SqlValue[]] {
  switch (value.kind) {
    case 'token':
      return ['tokens', [system, indexKey(value.code)]]
    case 'string':
      return ['strings', [value.folded, value.exact]]
    case 'date':
      return ['dates', [value.low, value.high]]
    case 'number':
      return ['numbers', [value.low, value.high, system, indexKey(value.code), indexKey(value.unit)]]
    case 'reference':
      return ['links', [value.type, indexKey(value.id), indexKey(value.url)]]
    case 'text':
      return ['texts', [value.words]]
  }
}

const emptyPart = { code: '', unit: '', low: 0, high: 0, folded: '', exact: '', type: '', id: '', url: '' }

/** Values of composites share one table: what a kind of value does not have is empty. */
function partOf(value: IndexValue, part: number, system: number): [table: Table, values: SqlValue[]] {
  const { code, unit, low, high, folded, exact, type, id, url } = { ...emptyPart, ...value }
  return [
    'parts',
    [
      part,
      system,
      indexKey(code),
      indexKey(unit),
      low,
      high,
      folded,
      exact,
      type,
      indexKey(id),
      indexKey(url),
    ],
  ]
}
