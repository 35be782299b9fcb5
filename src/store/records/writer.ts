/** Writes versions of resources in one transaction: many with each statement, where that saves a way to a server. */
import type { Change, Indexing } from '../../resource/repository.ts'
import type { Resource } from '../../smart/resource.ts'
import type { SqlWriter } from '../sql.ts'
import { checkExpectation, VersionConflict } from './conflict.ts'
import { type FoundRow, findEach, loadWhole } from './current.ts'
import type { IndexRows } from './index-rows.ts'
import { createRevisions } from './revisions.ts'
import { insertFirst, replaceLast } from './store-rows.ts'
import type { VersionRow } from './version.ts'

/** What changes a resource; an expectation of a search is another's to look at. */
export type ResourceChange = Exclude<Change, { readonly kind: 'expect' }>

export interface WrittenRow {
  readonly row: VersionRow
  readonly created: boolean
  readonly unchanged: boolean
}

/** Hears what each change came to, in their order. */
type Tell = (written: WrittenRow) => void

export interface Writer {
  /** Makes the changes as if one after another. Throws a {@link VersionConflict}, and then nothing may be kept. */
  write(changes: readonly ResourceChange[], tell: Tell): Promise<void>
}

export interface WriterDeps {
  readonly tx: SqlWriter
  readonly indexRows: IndexRows
  readonly json: Pick<Indexing, 'writeJson' | 'parseJson'>
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly newId: () => string
}

/** A change, with the id of its resource. */
interface Step {
  readonly type: string
  readonly id: string
  readonly change: ResourceChange
}

/** What a step comes to. */
interface Decided {
  readonly kind: 'first' | 'next' | 'same'
  readonly written: WrittenRow
  /** The content to be indexed. */
  readonly resource?: Resource
}

/** So much JSON is written at once: resources may be large. */
const charactersAtOnce = 512 * 1024

/** Makes the writer of a transaction. */
export function createWriter({ tx, indexRows, json, now, newId }: WriterDeps): Writer {
  const revisions = createRevisions({ json, now })

  async function write(changes: readonly ResourceChange[], tell: Tell): Promise<void> {
    let batch = new Map<string, Step>()
    for (const change of changes) {
      const step = stepOf(change, newId)
      const name = `${step.type}/${step.id}`
      // What is changed twice has to be found as it was left.
      if (batch.has(name) || batch.size === tx.dialect.recordsAtOnce) {
        await writeBatch(batch, tell)
        batch = new Map()
      }
      batch.set(name, step)
    }
    await writeBatch(batch, tell)
  }

  async function writeBatch(batch: ReadonlyMap<string, Step>, tell: Tell): Promise<void> {
    const found = await findEach(tx, [...batch.values()])
    const numbers = (await tx.reserve('resources', 'row', batch.size - found.size)).values()
    let decided: Decided[] = []
    let room = charactersAtOnce
    for (const [name, step] of batch) {
      const one = await decide(step, found.get(name), numbers)
      decided.push(one)
      room -= one.written.row.json.length
      if (room > 0) continue
      await apply(decided, tell)
      decided = []
      room = charactersAtOnce
    }
    await apply(decided, tell)
  }

  async function decide(
    { id, change }: Step,
    last: FoundRow | undefined,
    numbers: Iterator<number>,
  ): Promise<Decided> {
    const current = last?.deleted === 0 ? last : undefined
    checkExpectation(current, change)
    if (change.kind === 'delete') {
      if (!current) throw new VersionConflict()
      return { kind: 'next', written: { row: revisions.next(current), created: false, unchanged: false } }
    }
    const { resource } = change
    if (current) {
      const row = await loadWhole(tx, current)
      if (revisions.isSame(resource, row))
        return { kind: 'same', written: { row, created: false, unchanged: true } }
    }
    const row = last ? revisions.next(last, resource) : revisions.first(numberOf(numbers), id, resource)
    return {
      kind: last ? 'next' : 'first',
      written: { row, created: !current, unchanged: false },
      resource: resource.id === id ? resource : { ...resource, id },
    }
  }

  async function apply(decided: readonly Decided[], tell: Tell): Promise<void> {
    const next = rowsOf(decided, 'next')
    await insertFirst(tx, rowsOf(decided, 'first'))
    if (next.length > 0) {
      await replaceLast(tx, next)
      await indexRows.removeAll(next.map(({ row }) => row))
    }
    await indexRows.addAll(
      decided.flatMap(({ written, resource }) => (resource ? { row: written.row.row, resource } : [])),
    )
    for (const { written } of decided) tell(written)
  }

  return { write }
}

/** The resource that a change is of; one that has no id is given one. */
function stepOf(change: ResourceChange, newId: () => string): Step {
  if (change.kind === 'delete') return { type: change.type, id: change.id, change }
  const { resourceType: type, id = newId() } = change.resource
  return { type, id, change }
}

function numberOf(numbers: Iterator<number>): number {
  const { value, done } = numbers.next()
  if (done) throw new Error('there are fewer numbers than new resources')
  return value
}

function rowsOf(decided: readonly Decided[], kind: Decided['kind']): VersionRow[] {
  return decided.flatMap((one) => (one.kind === kind ? one.written.row : []))
}
