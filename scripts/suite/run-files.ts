import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { matchesGlob, relative, resolve } from 'node:path'
import { Ledger } from './ledger.ts'
import type { Proofs } from './proofs.ts'
import type { Suite } from './suites.ts'
import type { Tally } from './tally.ts'
import { runInWorkers } from './workers.ts'

export interface Choice {
  /** Only files whose path contains one of these; all files when empty. */
  readonly paths: readonly string[]
  /** Only tests whose name matches. */
  readonly name?: string
}

const FILE_LIMIT_MS = 10 * 60_000
const LEAVE_LIMIT_MS = 30_000

/** Runs the test files of a suite in a few processes and counts; prints a line per file and every failure in full. */
export async function runFiles(suite: Suite, choice: Choice, proofs: Proofs): Promise<Tally> {
  const files = findFiles(suite, choice.paths)
  const ledger = new Ledger(choice.name !== undefined)
  const plan = {
    files: files.map((file) => resolve(file)),
    lanes: suite.sideBySide ? availableParallelism() : 1,
    isAlone: (file: string) => suite.alone.some((glob) => matchesGlob(relative('.', file), glob)),
    limitMs: FILE_LIMIT_MS,
    leaveMs: LEAVE_LIMIT_MS,
    ...(choice.name === undefined ? {} : { name: choice.name }),
  }
  await runInWorkers(plan, {
    event(file, event) {
      ledger.event(file, event)
      proofs.enter(event)
    },
    output: (file, text) => ledger.output(file, text),
    over: (file, ms, problem) => ledger.over(file, ms, problem),
  })
  await ledger.printFailures()
  if (ledger.tally.passed + ledger.tally.failed > 0) return ledger.tally
  console.log(`  ✖ no test found in ${suite.files.join(', ')}`)
  return { passed: 0, failed: 1 }
}

/** Those that take longest come first, so that nobody waits for one in the end. */
function findFiles(suite: Suite, paths: readonly string[]): string[] {
  const isLong = (file: string) => suite.long.some((glob) => matchesGlob(file, glob))
  const all = globSync([...suite.files]).sort(
    (a, b) => Number(isLong(b)) - Number(isLong(a)) || (a < b ? -1 : 1),
  )
  return paths.length === 0 ? all : all.filter((file) => paths.some((path) => file.includes(path)))
}
