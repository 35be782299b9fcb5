/** What may stand in a file, wherever it imports from. */
import {
  isExportAssignment,
  isExportSpecifier,
  isIdentifier,
  isPropertyAccessExpression,
  isPropertyAssignment,
  isPropertySignatureDeclaration,
  type Node,
  SyntaxKind,
} from 'typescript/unstable/ast'
import { walk } from './imports.ts'
import { isIn, isTest, type Rule } from './rule.ts'
import { lineOf, type Source } from './source.ts'

const IMPURE = new Set(
  (
    'Date performance setTimeout setInterval setImmediate queueMicrotask crypto fetch console process Buffer global ' +
    'globalThis require __dirname __filename window document navigator localStorage sessionStorage location'
  ).split(' '),
)
const VAGUE = /^(utils?|helpers?|common|misc)$/i

export const codeRules: readonly Rule[] = [
  nodeRule(
    'smart knows no clock, no randomness, no Node and no DOM',
    ({ path }) => isIn(path, 'src/smart') && !isTest(path),
    (node) => (isGlobal(node) && IMPURE.has(node.text)) || isMember(node, 'Math', 'random'),
    [
      { 'src/smart/a.ts': 'export const now = () => Date.now()' },
      { 'src/smart/a.ts': 'export const today = (day: Date) => day' },
      { 'src/smart/a.ts': 'export const id = () => Math.random()' },
      { 'src/smart/a.ts': "export const text = Buffer.from('a')" },
      { 'src/smart/a.ts': 'export const width = window.innerWidth' },
    ],
  ),
  nodeRule(
    'only config.ts reads the environment',
    ({ path }) => isIn(path, 'src') && path !== 'src/config.ts' && !isTest(path),
    (node, text) =>
      isEnvironment(node) || (node.kind === SyntaxKind.StringLiteral && isNodeProcess(node, text)),
    [
      { 'src/server.ts': 'export const port = process.env.PORT' },
      { 'src/server.ts': "export const port = process['env'].PORT" },
      { 'src/server.ts': 'const { env } = process\nexport const port = env.PORT' },
      { 'src/server.ts': "import { env } from 'node:process'\nexport const port = env.PORT" },
    ],
  ),
  nodeRule(
    'no default exports',
    () => true,
    (node) =>
      isExportAssignment(node) ||
      (node.kind === SyntaxKind.DefaultKeyword && node.parent.kind !== SyntaxKind.DefaultClause) ||
      (isExportSpecifier(node) && node.name.text === 'default'),
    [
      { 'src/a.ts': 'export default 1' },
      { 'src/a.ts': 'export default function a() {}' },
      { 'src/a.ts': 'const a = 1\nexport { a as default }' },
    ],
  ),
  {
    name: 'no file or folder is called utils, helpers, common or misc',
    check: (sources) =>
      sources.map(({ path }) => path).filter((path) => path.split(/[/.]/).some((part) => VAGUE.test(part))),
    planted: [{ 'src/ui/utils/date.ts': '' }, { 'src/http/helpers.ts': '' }, { 'src/misc.test.ts': '' }],
  },
]

function nodeRule(
  name: string,
  applies: (source: Source) => boolean,
  breaks: (node: Node, text: string) => boolean,
  planted: Rule['planted'],
): Rule {
  const check = (sources: readonly Source[]) =>
    sources.filter(applies).flatMap((source) => {
      const lines: string[] = []
      walk(source.tree, (node) => {
        if (breaks(node, node.getText(source.tree))) lines.push(`${source.path}:${lineOf(source, node)}`)
      })
      return lines
    })
  return { name, check, planted }
}

/** An identifier that stands for a value or a type, not for a member's name. */
function isGlobal(node: Node): node is Node & { readonly text: string } {
  if (!isIdentifier(node)) return false
  const { parent } = node
  const names =
    isPropertyAccessExpression(parent) ||
    isPropertyAssignment(parent) ||
    isPropertySignatureDeclaration(parent)
  return !names || parent.name !== node
}

function isMember(node: Node, object: string, member: string): boolean {
  return isPropertyAccessExpression(node) && node.name.text === member && isNamed(node.expression, object)
}

function isNamed(node: Node, name: string): boolean {
  return isIdentifier(node) && node.text === name
}

/** `process` in any use that could reach `env`: the member itself, an index, or taking it apart. */
function isEnvironment(node: Node): boolean {
  if (!isNamed(node, 'process')) return false
  const { parent } = node
  return isPropertyAccessExpression(parent)
    ? parent.name.text === 'env'
    : parent.kind !== SyntaxKind.PropertyAssignment
}

function isNodeProcess(node: Node, text: string): boolean {
  return node.parent.kind === SyntaxKind.ImportDeclaration && /^['"](node:)?process['"]$/.test(text)
}
