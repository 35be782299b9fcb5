import {
  isArrowFunction,
  isCallExpression,
  isConstructorDeclaration,
  isFunctionDeclaration,
  isFunctionExpression,
  isGetAccessorDeclaration,
  isIdentifier,
  isMethodDeclaration,
  isSetAccessorDeclaration,
  type Node,
} from 'typescript/unstable/ast'
import { walk } from './imports.ts'
import { isIn, isTest, type Rule } from './rule.ts'
import { lineOf, type Source } from './source.ts'

const FILE_LIMIT_LINES = 400
const FILE_P90_LINES = 250
const FUNCTION_LIMIT_LINES = 80

interface Size {
  readonly what: string
  readonly lines: number
}

export const sizeRules: readonly Rule[] = [
  {
    name: `no file is longer than ${FILE_LIMIT_LINES} lines`,
    check: (sources) => over(fileSizes(sources), FILE_LIMIT_LINES),
    planted: [{ 'src/long.ts': '//\n'.repeat(FILE_LIMIT_LINES + 1) }],
  },
  {
    name: `no function is longer than ${FUNCTION_LIMIT_LINES} lines`,
    check: (sources) => over(functionSizes(sources), FUNCTION_LIMIT_LINES),
    planted: [
      { 'src/a.ts': `export function a() {${'\n'.repeat(FUNCTION_LIMIT_LINES + 1)}}` },
      { 'src/a.ts': `export const a = () => {${'\n'.repeat(FUNCTION_LIMIT_LINES + 1)}}` },
      { 'src/a.ts': `export class A { b() {${'\n'.repeat(FUNCTION_LIMIT_LINES + 1)}} }` },
    ],
  },
  {
    name: `nine files of the program in ten are no longer than ${FILE_P90_LINES} lines`,
    check: (sources) => {
      const p90 = quantile(fileSizes(programOf(sources)), 0.9)
      return p90 > FILE_P90_LINES ? [`the 90th percentile is ${p90} lines`] : []
    },
    planted: [{ 'src/long.ts': '//\n'.repeat(FILE_P90_LINES + 1) }],
  },
]

/** Lines of the program's files and functions, in one line each: number, median, 90th percentile, longest. */
export function sizeReport(sources: readonly Source[]): readonly string[] {
  const program = programOf(sources)
  const tests = sources.filter(({ path }) => isTest(path))
  return [
    summary('files', fileSizes(program)),
    summary('functions', functionSizes(program)),
    summary('test files', fileSizes(tests)),
  ]
}

function summary(name: string, sizes: readonly Size[]): string {
  const longest = sizes.toSorted((a, b) => b.lines - a.lines)[0]
  const figures = `median ${quantile(sizes, 0.5)}, p90 ${quantile(sizes, 0.9)}`
  return `${sizes.length} ${name}: ${figures}, longest ${longest?.lines ?? 0} lines (${longest?.what ?? 'none'})`
}

function programOf(sources: readonly Source[]): readonly Source[] {
  return sources.filter(({ path }) => isIn(path, 'src') && !isTest(path))
}

function over(sizes: readonly Size[], limit: number): readonly string[] {
  return sizes.filter(({ lines }) => lines > limit).map(({ what, lines }) => `${what}: ${lines} lines`)
}

function quantile(sizes: readonly Size[], share: number): number {
  const sorted = sizes.map(({ lines }) => lines).sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

function fileSizes(sources: readonly Source[]): readonly Size[] {
  return sources.map(({ path, text }) => ({ what: path, lines: text.split('\n').length - 1 }))
}

function functionSizes(sources: readonly Source[]): readonly Size[] {
  return sources.flatMap((source) => {
    const sizes: Size[] = []
    walk(source.tree, (node) => {
      if (isFunction(node) && !isGroupOfTests(node)) sizes.push(sizeOf(source, node))
    })
    return sizes
  })
}

function sizeOf(source: Source, node: Node): Size {
  const first = lineOf(source, node)
  const last = source.tree.getLineAndCharacterOfPosition(node.end).line + 1
  return { what: `${source.path}:${first}`, lines: last - first + 1 }
}

function isFunction(node: Node): boolean {
  return (
    isFunctionDeclaration(node) ||
    isFunctionExpression(node) ||
    isArrowFunction(node) ||
    isMethodDeclaration(node) ||
    isConstructorDeclaration(node) ||
    isGetAccessorDeclaration(node) ||
    isSetAccessorDeclaration(node)
  )
}

/** The callback of `describe`, which is a heading more than a function. */
function isGroupOfTests({ parent }: Node): boolean {
  return isCallExpression(parent) && isIdentifier(parent.expression) && parent.expression.text === 'describe'
}
