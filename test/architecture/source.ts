import { globSync, readFileSync } from 'node:fs'
import type { Node, SourceFile } from 'typescript/unstable/ast'
import { createVirtualFileSystem } from 'typescript/unstable/fs'
import { API } from 'typescript/unstable/sync'
import { type Import, importsOf } from './imports.ts'

/** One file as the rules see it. */
export interface Source {
  /** From the package root, with forward slashes. */
  readonly path: string
  readonly text: string
  readonly imports: readonly Import[]
  readonly tree: SourceFile
}

const ROOTS = ['src', 'apps', 'scripts', 'test', 'bench']
const CONFIG = JSON.stringify({
  compilerOptions: { noResolve: true, noLib: true, allowJs: true },
  include: ['**/*'],
})

/** Every file of code in the project but the generated tables. */
export function readProject(): readonly Source[] {
  const paths = globSync(ROOTS.map((root) => `${root}/**/*.{ts,js,cjs}`)).map((path) =>
    path.replaceAll('\\', '/'),
  )
  const written = paths.filter((path) => !path.endsWith('.r4.ts') && !path.includes('/node_modules/')).sort()
  return parseSources(Object.fromEntries(written.map((path) => [path, readFileSync(path, 'utf8')])))
}

/** Parses source texts, by path, with the compiler itself; nothing is resolved, so they may be fragments. */
export function parseSources(texts: Readonly<Record<string, string>>): readonly Source[] {
  const files = Object.entries(texts).map(([path, text]) => [`/${path}`, text] as const)
  const fs = createVirtualFileSystem({ '/tsconfig.json': CONFIG, ...Object.fromEntries(files) })
  const api = new API({ cwd: '/', fs })
  try {
    const project = api.updateSnapshot({ openProjects: ['/tsconfig.json'] }).getProject('/tsconfig.json')
    return Object.entries(texts).map(([path, text]) => {
      const tree = project?.program.getSourceFile(`/${path}`)
      if (tree === undefined) throw new Error(`${path} could not be parsed`)
      return { path, text, tree, imports: importsOf(path, tree) }
    })
  } finally {
    api.close()
  }
}

/** The 1-based line on which a node starts, comments before it left out. */
export function lineOf(source: Source, node: Node): number {
  return source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree)).line + 1
}
