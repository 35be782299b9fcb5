/** Loads files one after another; what is wrong with one does not keep out the others. */
import type { Repository, WriteOutcome } from '../repository.ts'
import { type Loaded, loadText } from './load-file.ts'
import { readText } from './read-text.ts'
import { LoadRefused, type Refusal, refusalOf } from './refusal.ts'
import type { LoadReport, MutableCounts } from './report.ts'

/** How far an import has come. */
export interface LoadProgress {
  readonly file: string
  /** Files that are done with, loaded or refused, of all. */
  readonly done: number
  readonly files: number
  readonly resources: number
  readonly refused: number
}

/** What an import works with. */
export interface LoadDeps {
  readonly repository: Repository
  /** The FHIR base URL, without a slash at the end: references to it are references to the store. */
  readonly base: string
  /** Milliseconds, of any beginning. */
  readonly now: () => number
  readonly onProgress?: (progress: LoadProgress) => void
}

/** Loads files in the given order, each in one transaction. Never throws for what a file holds: the report names what was refused. */
export async function loadFiles(files: readonly string[], deps: LoadDeps): Promise<LoadReport> {
  const began = deps.now()
  const tally = createTally()
  const progress = (file: string, done: number) =>
    deps.onProgress?.({
      file,
      done,
      files: files.length,
      resources: tally.resources(),
      refused: tally.refused.length,
    })
  const later: string[] = []
  let done = 0
  for await (const { file, text } of readAhead(files)) {
    progress(file, done)
    const retry = await loadOne(file, text, deps, tally, true)
    if (retry) later.push(file)
    else done++
  }
  // What was missing may have come with a later file.
  for await (const { file, text } of readAhead(later)) {
    progress(file, done++)
    await loadOne(file, text, deps, tally, false)
  }
  progress('', done)
  return { ...tally.report(), seconds: (deps.now() - began) / 1000 }
}

type Text = { readonly ok: string } | { readonly failed: unknown }

/** Reads the next file while one is being stored. */
async function* readAhead(files: readonly string[]): AsyncGenerator<{ file: string; text: Text }> {
  const read = (file: string): Promise<Text> =>
    readText(file).then(
      (ok) => ({ ok }),
      (failed: unknown) => ({ failed }),
    )
  let next = files[0] === undefined ? undefined : read(files[0])
  for (const [at, file] of files.entries()) {
    const text = await (next as Promise<Text>)
    const following = files[at + 1]
    next = following === undefined ? undefined : read(following)
    yield { file, text }
  }
}

/** Loads a file into the store and the tally; tells whether to try it again later. */
async function loadOne(
  file: string,
  text: Text,
  deps: LoadDeps,
  tally: Tally,
  mayRetry: boolean,
): Promise<boolean> {
  try {
    if ('failed' in text) throw text.failed
    tally.add(await loadText(text.ok, deps.repository, deps.base))
    return false
  } catch (error) {
    if (mayRetry && error instanceof LoadRefused && error.retry) return true
    tally.refused.push(refusalOf(file, error))
    return false
  }
}

type Tally = ReturnType<typeof createTally>

function createTally() {
  const types: Record<string, MutableCounts> = {}
  const refused: Refusal[] = []
  let loaded = 0
  let dangling = 0
  let resources = 0

  function count(type: string, outcome: WriteOutcome) {
    const counts = types[type] ?? { created: 0, updated: 0, unchanged: 0 }
    counts[outcome]++
    types[type] = counts
    resources++
  }
  return {
    refused,
    resources: () => resources,
    add(one: Loaded) {
      loaded++
      dangling += one.dangling
      for (const { type, outcome } of one.writes) count(type, outcome)
    },
    report: () => ({ loaded, refused, types, resources, dangling }),
  }
}
