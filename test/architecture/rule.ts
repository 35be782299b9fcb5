import type { Import } from './imports.ts'
import type { Source } from './source.ts'

/** A law of the house, and texts that break it, each of which it must catch. */
export interface Rule {
  readonly name: string
  /** What breaks the law, one line each, naming the file. */
  readonly check: (sources: readonly Source[]) => readonly string[]
  /** Small projects, each breaking the law once: path to text. */
  readonly planted: readonly Readonly<Record<string, string>>[]
}

/** Whether a file is a test or exists for tests only; tests may reach across the house, the program may not. */
export function isTest(path: string): boolean {
  return path.startsWith('test/') || path.endsWith('.test.ts')
}

/** Whether `path` is `place` or lies in the folder `place`. */
export function isIn(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`)
}

/** A rule on the imports of the program's files in `place`: each must satisfy `allows`. */
export function importRule(
  name: string,
  places: readonly string[],
  allows: (imported: Import, from: string) => boolean,
  planted: Rule['planted'],
): Rule {
  const check = (sources: readonly Source[]) =>
    sources
      .filter(({ path }) => !isTest(path) && places.some((place) => isIn(path, place)))
      .flatMap(({ path, imports }) =>
        imports.filter((imported) => !allows(imported, path)).map((imported) => describe(path, imported)),
      )
  return { name, check, planted }
}

function describe(path: string, { target, typeOnly }: Import): string {
  return `${path} imports ${typeOnly ? 'types of ' : ''}${target}`
}
