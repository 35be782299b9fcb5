/** Processes that run test files: several at a time, each file in one that is new or has run others before it. */
import { type ChildProcess, fork } from 'node:child_process'
import { resolve } from 'node:path'
import type { TestEvent } from 'node:test/reporters'
import { type Order, unpackEvent, type Word } from './words.ts'

/** What is heard of a file while it runs, and once when it is over. */
export interface Listener {
  event(file: string, event: TestEvent): void
  output(file: string, text: string): void
  /** A problem is what befell the file beside its tests: its process died, or had to be ended. */
  over(file: string, ms: number, problem?: string): void
}

export interface Plan {
  /** Absolute paths, in the order in which they are begun. */
  readonly files: readonly string[]
  /** How many run at a time. */
  readonly lanes: number
  /** Whether a file needs a process that ran nothing before it. */
  readonly isAlone: (file: string) => boolean
  /** Milliseconds that a file may take before its process is ended. */
  readonly limitMs: number
  /** Milliseconds that a process may take to end when no file is left. */
  readonly leaveMs: number
  /** Only tests whose name matches; a pattern's source. */
  readonly name?: string
}

/** Runs all files; whatever becomes of one, the others are run. Resolves when all processes have ended. */
export async function runInWorkers(plan: Plan, listener: Listener): Promise<void> {
  const queue = [...plan.files]
  await Promise.all(
    Array.from({ length: Math.min(plan.lanes, queue.length) }, () => lane(queue, plan, listener)),
  )
}

async function lane(queue: string[], plan: Plan, listener: Listener): Promise<void> {
  let kept: Worker | undefined
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    if (plan.isAlone(file)) {
      const worker = new Worker(plan, listener)
      await worker.end(await worker.run(file))
      continue
    }
    kept ??= new Worker(plan, listener)
    if (await kept.run(file)) continue
    await kept.end(false)
    kept = undefined
  }
  await kept?.end(true)
}

/** One process. */
class Worker {
  private readonly child: ChildProcess
  private readonly plan: Plan
  private readonly listener: Listener
  private readonly gone: Promise<string>
  private readonly ran: string[] = []
  private done: (isFit: boolean) => void = () => undefined

  constructor(plan: Plan, listener: Listener) {
    this.plan = plan
    this.listener = listener
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const child = fork(resolve(import.meta.dirname, 'worker.ts'), { env, silent: true })
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => listener.output(this.current, text))
    child.on('message', (word: Word) => this.hear(word))
    this.gone = new Promise((settle) => {
      child.once('error', (error) => settle(`its process did not start: ${error.message}`))
      child.once('exit', (code, signal) => settle(`its process ended with ${signal ?? `code ${code}`}`))
    })
    this.child = child
  }

  private get current(): string {
    return this.ran.at(-1) ?? ''
  }

  private hear(word: Word): void {
    if ('event' in word) this.listener.event(this.current, unpackEvent(word.event))
    else this.done(word.done.isFit)
  }

  /** Runs a file; whether another can follow it here. */
  async run(file: string): Promise<boolean> {
    const { limitMs, name } = this.plan
    const started = performance.now()
    this.ran.push(file)
    const done = new Promise<boolean>((settle) => {
      this.done = settle
    })
    const order: Order = { file, ...(name === undefined ? {} : { name }) }
    if (this.child.connected) this.child.send(order, () => undefined)
    const limit = Promise.withResolvers<string>()
    const timer = setTimeout(limit.resolve, limitMs, `it was ended after ${limitMs} ms`)
    const end = await Promise.race([done, this.gone, limit.promise])
    clearTimeout(timer)
    // What it wrote last is read before what it wrote is shown.
    await new Promise((next) => setImmediate(next))
    const problem = typeof end === 'string' ? end : undefined
    if (problem !== undefined) await this.kill()
    this.listener.over(file, performance.now() - started, problem)
    return end === true
  }

  /** Ends the process; that a fit one does not end by itself is the fault of a file that it ran. */
  async end(isFit: boolean): Promise<void> {
    if (!this.child.connected) return
    const late = Promise.withResolvers<undefined>()
    const timer = setTimeout(late.resolve, this.plan.leaveMs)
    this.child.send('end', () => undefined)
    const end = await Promise.race([this.gone, late.promise])
    clearTimeout(timer)
    if (end === undefined) await this.kill()
    if (!isFit || end === 'its process ended with code 0') return
    const what = end ?? `something was left open: the process still ran after ${this.plan.leaveMs} ms`
    this.listener.over(this.current, 0, `${what}; it had run ${this.ran.length} files`)
  }

  private async kill(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.gone
  }
}
