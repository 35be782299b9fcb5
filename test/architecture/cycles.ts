import type { Rule } from './rule.ts'
import type { Source } from './source.ts'

/** No file reaches itself through its imports; those of types count too, and are marked. */
export const cycleRule: Rule = {
  name: 'no cycles, not even of types',
  check: findCycles,
  planted: [
    { 'src/a.ts': "import { b } from './b.ts'", 'src/b.ts': "import { a } from './a.ts'" },
    {
      'src/a.ts': "import type { B } from './b.ts'",
      'src/b.ts': "export * from './c.ts'",
      'src/c.ts': "import './a.ts'",
    },
  ],
}

type Graph = ReadonlyMap<string, readonly Edge[]>

interface Edge {
  readonly to: string
  readonly typeOnly: boolean
}

function findCycles(sources: readonly Source[]): readonly string[] {
  const graph: Graph = new Map(
    sources.map(({ path, imports }) => [
      path,
      imports.map(({ target, typeOnly }) => ({ to: target, typeOnly })),
    ]),
  )
  const done = new Set<string>()
  return [...graph.keys()].flatMap((start) => search(graph, start, [], done))
}

/** Depth first; `trail` is the way from the start, `done` what needs no second look. */
function search(graph: Graph, path: string, trail: readonly string[], done: Set<string>): string[] {
  const seen = trail.findIndex((step) => nameOf(step) === path)
  if (seen >= 0) return [[...trail.slice(seen), path].join(' -> ')]
  if (done.has(path)) return []
  const cycles = (graph.get(path) ?? []).flatMap(({ to, typeOnly }) =>
    search(graph, to, [...trail, typeOnly ? `${path} (types)` : path], done),
  )
  done.add(path)
  return cycles
}

function nameOf(step: string): string {
  return step.split(' ')[0] ?? step
}
