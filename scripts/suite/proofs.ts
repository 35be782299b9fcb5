import type { TestEvent } from 'node:test/reporters'
import { idsOf } from '../../test/conformance/citations.ts'
import type { Tally } from './tally.ts'

const KIND = /^(?:SQLite|PostgreSQL): /

/** What a run says of the requirements that the titles of its tests cite. */
export class Proofs {
  private readonly passed = new Set<string>()
  private readonly failed = new Set<string>()

  /** Hears of a test, or of a group of tests, that ended; a group ends well only if all in it do. */
  enter(event: TestEvent): void {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') return
    if (event.data.skip !== undefined || event.data.todo !== undefined) return
    const into = event.type === 'test:pass' ? this.passed : this.failed
    for (const id of idsOf(event.data.name.replace(KIND, ''))) into.add(id)
  }

  /** Compares a whole run with what the page claims; says which claims are false. Counts as one test. */
  judge(claimed: Iterable<string>): Tally {
    const wrong = [...claimed].filter((id) => !this.passed.has(id) || this.failed.has(id)).sort()
    console.log(`${wrong.length === 0 ? '✔' : '✖'} docs/conformance.md says what this run proved`)
    for (const id of wrong)
      console.log(
        `  ${id}: ${this.failed.has(id) ? 'a test that cites it failed' : 'no test that cites it ran'}`,
      )
    return wrong.length === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
  }
}
