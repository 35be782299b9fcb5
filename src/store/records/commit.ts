/** Several changes as one; the caller holds the transaction. What was expected is looked at before anything is written. */
import type { Change, Written } from '../../resource/repository.ts'
import type { SearchPlan } from '../../resource/search/plan.ts'
import { VersionConflict } from './conflict.ts'
import { storedOf } from './version.ts'
import type { Writer, WrittenRow } from './writer.ts'

/** What a commit works with, in its transaction. */
export interface CommitDeps {
  readonly writer: Writer
  /** The ids of the first resources that a plan finds. */
  readonly find: (plan: SearchPlan) => Promise<readonly string[]>
}

/** Makes all the changes; throws what the port promises, and then nothing may be kept. */
export async function commit(changes: readonly Change[], { writer, find }: CommitDeps): Promise<Written[]> {
  for (const change of changes) if (change.kind === 'expect') checkFound(await find(change.plan), change.ids)
  const written: Written[] = []
  await writer.write(
    changes.filter((change) => change.kind !== 'expect'),
    (one) => written.push(writtenOf(one)),
  )
  return written
}

/** What a write came to, as the port promises it. */
export function writtenOf({ row, created, unchanged }: WrittenRow): Written {
  return { stored: storedOf(row), created, unchanged }
}

function checkFound(list: readonly string[], ids: readonly string[]): void {
  const found = new Set(list)
  if (found.size === ids.length && ids.every((id) => found.has(id))) return
  throw new VersionConflict(undefined, 'a search finds other resources by now')
}
