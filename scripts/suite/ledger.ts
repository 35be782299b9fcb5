import { relative } from 'node:path'
import { Readable } from 'node:stream'
import { spec, type TestEvent } from 'node:test/reporters'
import { add, judge, nothing, type Tally } from './tally.ts'
import type { Listener } from './workers.ts'

const KEPT_OUTPUT_CHARS = 8_000

type Finished = Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>

/** What is remembered of the files of one suite; prints a line for each, and in the end every failure in full. */
export class Ledger implements Listener {
  tally: Tally = nothing
  private readonly failures: { readonly file: string; readonly event: Finished }[] = []
  private readonly written = new Map<string, string>()
  private readonly counts = new Map<string, Tally>()
  private readonly isNarrowed: boolean
  private readonly print: (text: string) => void

  /** `isNarrowed` when only some tests are wanted, so that a file may have none of them. */
  constructor(isNarrowed: boolean, print: (text: string) => void = console.log) {
    this.isNarrowed = isNarrowed
    this.print = print
  }

  event(file: string, event: TestEvent): void {
    if (event.type === 'test:pass' || event.type === 'test:fail') this.count(file, event)
    if (event.type === 'test:diagnostic') this.note(file, event.data)
    if (event.type === 'test:summary') this.judgeSummary(file, event.data.success)
  }

  output(file: string, text: string): void {
    this.written.set(file, `${this.written.get(file) ?? ''}${text}`.slice(-KEPT_OUTPUT_CHARS))
  }

  over(file: string, ms: number, problem?: string): void {
    if (problem !== undefined) this.fail(file, problem)
    if (!this.counts.has(file)) {
      if (this.isNarrowed) return
      this.fail(file, 'no test was run')
    }
    const { passed, failed } = this.counts.get(file) ?? nothing
    const of = failed === 0 ? `${passed}` : `${failed} of ${passed + failed} failed`
    this.print(`  ${failed === 0 ? '✔' : '✖'} ${relative('.', file)}  ${of}  (${Math.round(ms)} ms)`)
  }

  private count(file: string, event: Finished): void {
    const verdict = judge(event)
    if (verdict === undefined) return
    const { name } = event.data
    if (verdict.outcome === 'passed') this.add(file, { passed: 1, failed: 0 })
    else if (verdict.outcome === 'skipped') this.skip(file, name, verdict.reason)
    else if (verdict.problem !== undefined) this.fail(file, `${name}: ${verdict.problem}`)
    else {
      this.add(file, { passed: 0, failed: 1 })
      this.failures.push({ file, event })
    }
  }

  private skip(file: string, name: string, reason: string): void {
    this.print(`  - skipped: ${name} (${reason})`)
    this.add(file, nothing)
  }

  /** Something failed that no line of the report is about. */
  private fail(file: string, problem: string): void {
    this.print(`  ✖ ${relative('.', file)}: ${problem}`)
    this.add(file, { passed: 0, failed: 1 })
  }

  private add(file: string, one: Tally): void {
    this.tally = add(this.tally, one)
    this.counts.set(file, add(this.counts.get(file) ?? nothing, one))
  }

  /** What a test wants said; the closing counts of `node:test`, which belong to no file, are ours to print. */
  private note(file: string, { file: of, message }: { file?: string; message: string }): void {
    if (of !== undefined) this.print(`    ${message}`)
    else if (message.startsWith('Error: ')) this.output(file, `${message}\n`)
  }

  /** What a test left behind may throw when the test is over. */
  private judgeSummary(file: string, success: boolean): void {
    if (success || (this.counts.get(file)?.failed ?? 0) > 0) return
    this.fail(file, 'something failed after the test that began it')
    this.print(this.written.get(file) ?? '')
  }

  /** Everything that failed, and what its file wrote. */
  async printFailures(write: (text: string) => void = (text) => process.stdout.write(text)): Promise<void> {
    if (this.failures.length === 0) return
    const events = this.failures.map(({ event }) => event)
    for await (const text of Readable.from(events).compose(new spec())) write(`${text}`)
    for (const file of new Set(this.failures.map(({ file }) => file))) {
      const said = this.written.get(file)
      if (said !== undefined) this.print(`\n--- output of ${relative('.', file)}\n${said}`)
    }
  }
}
