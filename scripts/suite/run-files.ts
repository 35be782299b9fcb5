import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { relative, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { run } from 'node:test'
import { spec, type TestEvent } from 'node:test/reporters'
import type { Proofs } from './proofs.ts'
import type { Suite } from './suites.ts'
import { add, judge, nothing, type Tally } from './tally.ts'

export interface Choice {
  /** Only files whose path contains one of these; all files when empty. */
  readonly paths: readonly string[]
  /** Only tests whose name matches. */
  readonly name?: string
}

const FILE_LIMIT_MS = 10 * 60_000
const KEPT_OUTPUT_CHARS = 8_000

/** Runs the test files of a suite, each in its own process, and counts; prints a line per file and every failure in full. */
export async function runFiles(suite: Suite, choice: Choice, proofs: Proofs): Promise<Tally> {
  const files = findFiles(suite, choice.paths)
  const stream = run({
    files: files.map((file) => resolve(file)),
    concurrency: suite.sideBySide ? availableParallelism() : 1,
    timeout: FILE_LIMIT_MS,
    ...(choice.name === undefined ? {} : { testNamePatterns: [new RegExp(choice.name)] }),
  })
  const ledger = new Ledger()
  if (files.length > 0)
    for await (const event of stream) {
      ledger.enter(event)
      proofs.enter(event)
    }
  await ledger.printFailures()
  if (ledger.tally.passed + ledger.tally.failed > 0) return ledger.tally
  console.log(`  ✖ no test found in ${suite.files.join(', ')}`)
  return { passed: 0, failed: 1 }
}

function findFiles(suite: Suite, paths: readonly string[]): string[] {
  const all = globSync([...suite.files]).sort()
  return paths.length === 0 ? all : all.filter((file) => paths.some((path) => file.includes(path)))
}

type Finished = Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>

/** What is remembered of the events of one suite. */
class Ledger {
  tally: Tally = nothing
  private readonly failures: Finished[] = []
  private readonly output = new Map<string, string>()
  private readonly counts = new Map<string, Tally>()

  enter(event: TestEvent): void {
    if (event.type === 'test:pass' || event.type === 'test:fail') this.count(event)
    if (event.type === 'test:stdout' || event.type === 'test:stderr') {
      this.keepOutput(event.data.file, event.data.message)
    }
    if (event.type === 'test:diagnostic') this.printDiagnostic(event.data.file, event.data.message)
    if (event.type === 'test:summary') this.printFile(event.data.file, event.data.duration_ms)
  }

  private count(event: Finished): void {
    const verdict = judge(event)
    if (verdict === undefined) return
    const { name, file = '' } = event.data
    if (verdict.outcome === 'skipped') {
      console.log(`  - skipped: ${name} (${verdict.reason})`)
      return
    }
    const one = verdict.outcome === 'passed' ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
    this.tally = add(this.tally, one)
    this.counts.set(file, add(this.counts.get(file) ?? nothing, one))
    if (verdict.outcome === 'passed') return
    if (verdict.problem !== undefined) console.log(`  ✖ ${relative('.', file)}: ${name}: ${verdict.problem}`)
    else this.failures.push(event)
  }

  private keepOutput(file: string | undefined, text: string): void {
    if (file === undefined) return
    this.output.set(file, `${this.output.get(file) ?? ''}${text}`.slice(-KEPT_OUTPUT_CHARS))
  }

  /** What a test wants said; the closing counts of `node:test`, which belong to no file, are ours to print. */
  private printDiagnostic(file: string | undefined, message: string): void {
    if (file !== undefined) console.log(`    ${message}`)
  }

  private printFile(file: string | undefined, durationMs: number): void {
    const count = file === undefined ? undefined : this.counts.get(file)
    if (file === undefined || count === undefined) return
    const mark = count.failed === 0 ? '✔' : '✖'
    const of =
      count.failed === 0 ? `${count.passed}` : `${count.failed} of ${count.passed + count.failed} failed`
    console.log(`  ${mark} ${relative('.', file)}  ${of}  (${Math.round(durationMs)} ms)`)
  }

  async printFailures(): Promise<void> {
    if (this.failures.length === 0) return
    for await (const text of Readable.from(this.failures).compose(new spec())) process.stdout.write(`${text}`)
    for (const file of new Set(this.failures.map(({ data }) => data.file ?? ''))) {
      const said = this.output.get(file)
      if (said !== undefined) console.log(`\n--- output of ${relative('.', file)}\n${said}`)
    }
  }
}
