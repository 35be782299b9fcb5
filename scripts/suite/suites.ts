/** The suites of `npm test`, in the order they run. */

/** A program that passes by exiting 0; it counts as one test. */
export interface Step {
  readonly title: string
  readonly command: readonly [string, ...string[]]
}

export interface Suite {
  readonly name: string
  readonly steps: readonly Step[]
  /** Globs of test files, from the package root. */
  readonly files: readonly string[]
  /** Whether files may run beside each other; those that kill processes or send thousands of requests want the machine for themselves. */
  readonly sideBySide: boolean
  /** Globs of the files that need a process to themselves; the others come to one that has run some before. */
  readonly alone: readonly string[]
  /** Globs of the files that take longest. */
  readonly long: readonly string[]
  /** What its files do with databases: nothing, ask for those of a kind they name, or run once for each kind. */
  readonly databases: 'none' | 'as named' | 'each'
}

export const suites: readonly Suite[] = [
  {
    name: 'check',
    steps: [
      {
        title: 'formatting and lint',
        command: ['biome', 'ci', '--colors=off', '--error-on-warnings', '--diagnostic-level=warn'],
      },
      { title: 'types', command: ['tsc', '-p', '.'] },
      { title: 'types of the pure core, without Node and DOM', command: ['tsc', '-p', 'src/smart'] },
      { title: 'types of the sample apps', command: ['tsc', '-p', 'apps'] },
    ],
    files: ['test/architecture.test.ts', 'test/conformance.test.ts'],
    sideBySide: true,
    alone: [],
    long: ['test/architecture.test.ts'],
    databases: 'none',
  },
  {
    name: 'unit',
    steps: [],
    files: ['src/**/*.test.ts', 'scripts/**/*.test.ts', 'bench/**/*.test.ts', 'apps/**/*.test.ts'],
    sideBySide: true,
    alone: [],
    long: ['src/cli/{keys,doctor}.test.ts'],
    databases: 'as named',
  },
  {
    name: 'contracts',
    steps: [],
    files: ['test/contracts/**/*.test.ts'],
    sideBySide: true,
    // It sets what its commands find in the environment.
    alone: ['test/contracts/command-on-postgres.test.ts'],
    long: ['test/contracts/{repository,account-settings,administration-commands}.test.ts'],
    databases: 'as named',
  },
  {
    name: 'flows',
    steps: [],
    files: ['test/flows/**/*.test.ts'],
    sideBySide: true,
    alone: [],
    long: ['test/flows/pages-of-*.test.ts'],
    databases: 'none',
  },
  {
    name: 'attacks',
    steps: [],
    files: ['test/attacks/**/*.test.ts'],
    sideBySide: true,
    // It measures the memory of its process.
    alone: ['test/attacks/resource/everything-stream.test.ts'],
    long: ['test/attacks/resource/{everything-stream,random,policy,round-trip}.test.ts'],
    databases: 'each',
  },
  {
    name: 'fuzz',
    steps: [],
    files: ['test/fuzz/**/*.test.ts'],
    sideBySide: false,
    alone: [],
    long: [],
    databases: 'none',
  },
  {
    name: 'faults',
    steps: [],
    files: ['test/faults/**/*.test.ts'],
    sideBySide: false,
    alone: [],
    long: [],
    databases: 'none',
  },
]
