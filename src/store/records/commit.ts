/** Several changes as one; the caller holds the transaction. What was expected is looked at before anything is written. */
import type { Change, Written } from '../../resource/repository.ts'
import type { SearchPlan } from '../../resource/search/plan.ts'
import type { SqlReader } from '../sql.ts'
import { storedOf } from './version.ts'
import { checkExpectation, findCurrent, VersionConflict, type Writer } from './writer.ts'

/** What a commit works with, in its transaction. */
export interface CommitDeps {
  readonly tx: SqlReader
  readonly writer: Writer
  /** The ids of the first resources that a plan finds. */
  readonly find: (plan: SearchPlan) => Promise<readonly string[]>
}

/** Makes all the changes; throws what the port promises, and then nothing may be kept. */
export async function commit(changes: readonly Change[], deps: CommitDeps): Promise<Written[]> {
  for (const change of changes)
    if (change.kind === 'expect') checkFound(await deps.find(change.plan), change.ids)
  const written: Written[] = []
  for (const change of changes) {
    if (change.kind === 'put') written.push(await put(change, deps))
    if (change.kind === 'delete') written.push(await end(change, deps))
  }
  return written
}

function checkFound(list: readonly string[], ids: readonly string[]): void {
  const found = new Set(list)
  if (found.size === ids.length && ids.every((id) => found.has(id))) return
  throw new VersionConflict(undefined, 'a search finds other resources by now')
}

async function put(change: Extract<Change, { kind: 'put' }>, { writer }: CommitDeps): Promise<Written> {
  const { row, created, unchanged } = await writer.put(change.resource, change)
  return { stored: storedOf(row), created, unchanged }
}

async function end(
  change: Extract<Change, { kind: 'delete' }>,
  { tx, writer }: CommitDeps,
): Promise<Written> {
  const { type, id, ifMatch } = change
  const last = await findCurrent(tx, type, id)
  const current = last?.deleted === 0 ? last : undefined
  checkExpectation(current, ifMatch === undefined ? {} : { ifMatch })
  if (!current) throw new VersionConflict()
  return { stored: storedOf(await writer.end(current)), created: false, unchanged: false }
}
