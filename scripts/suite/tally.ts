import type { TestEvent } from 'node:test/reporters'

/** What one event of `node:test` means for the count. */
export type Verdict =
  | { readonly outcome: 'passed' }
  | { readonly outcome: 'failed'; readonly problem?: string }
  | { readonly outcome: 'skipped'; readonly reason: string }

export interface Tally {
  readonly passed: number
  readonly failed: number
}

export const nothing: Tally = { passed: 0, failed: 0 }

/** The sum of two counts. */
export function add(a: Tally, b: Tally): Tally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed }
}

/** The last line of every test script; scripts of other people read it. */
export function formatTally({ passed, failed }: Tally): string {
  return `${passed} passed, ${failed} failed`
}

/** Whether a run may call itself good: something ran, and nothing failed. */
export function isGood({ passed, failed }: Tally): boolean {
  return passed > 0 && failed === 0
}

/**
 * Judges one event; nothing when it is not the end of a test.
 * A group is counted through its members, a skipped test must say why, and a file without a test is a mistake.
 */
export function judge(event: TestEvent): Verdict | undefined {
  if (event.type === 'test:fail') return judgeFailure(event.data.details.error)
  if (event.type !== 'test:pass') return undefined
  const { name, file, skip, todo, details } = event.data
  if (typeof skip === 'string' && skip !== '') return { outcome: 'skipped', reason: skip }
  if (skip !== undefined) return { outcome: 'failed', problem: 'skipped without a reason' }
  if (todo !== undefined) return { outcome: 'failed', problem: 'left to do' }
  if (details.type === 'suite') return undefined
  if (name === file) return { outcome: 'failed', problem: 'no test in this file' }
  return { outcome: 'passed' }
}

function judgeFailure(error: Error): Verdict | undefined {
  const kind = 'failureType' in error ? error.failureType : undefined
  return kind === 'subtestsFailed' ? undefined : { outcome: 'failed' }
}
