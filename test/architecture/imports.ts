import { posix } from 'node:path'
import {
  type ImportDeclaration,
  isCallExpression,
  isExportDeclaration,
  isImportDeclaration,
  isImportTypeNode,
  isLiteralTypeNode,
  isStringLiteral,
  type Node,
  type SourceFile,
  SyntaxKind,
} from 'typescript/unstable/ast'

export interface Import {
  /** The path of the imported file, or the name of a package or of a part of Node. */
  readonly target: string
  /** Whether the target is a file of this project. */
  readonly local: boolean
  /** Whether nothing of it is left when the program runs. */
  readonly typeOnly: boolean
  /** Whether it is loaded when the program comes to it (`import()`), not with the file. */
  readonly lazy: boolean
}

/** Calls `visit` for a node and everything below it. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node)
  node.forEachChild((child) => walk(child, visit))
}

/** Everything a file imports: declarations, re-exports, `import()` and `import('…')` in types. */
export function importsOf(path: string, tree: SourceFile): readonly Import[] {
  const found: Import[] = []
  walk(tree, (node) => {
    const reference = referenceOf(node)
    if (reference === undefined) return
    const local = reference.specifier.startsWith('.')
    const target = local ? posix.join(posix.dirname(path), reference.specifier) : reference.specifier
    found.push({ target, local, typeOnly: reference.typeOnly, lazy: reference.lazy })
  })
  return found
}

interface Reference {
  readonly specifier: string
  readonly typeOnly: boolean
  readonly lazy: boolean
}

function referenceOf(node: Node): Reference | undefined {
  if (isImportDeclaration(node)) return reference(node.moduleSpecifier, isTypeImport(node))
  if (isExportDeclaration(node)) return reference(node.moduleSpecifier, node.isTypeOnly)
  if (isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword) {
    return reference(node.arguments[0], false, true)
  }
  if (isImportTypeNode(node) && isLiteralTypeNode(node.argument))
    return reference(node.argument.literal, true)
  return undefined
}

function isTypeImport(node: ImportDeclaration): boolean {
  return node.importClause?.phaseModifier === SyntaxKind.TypeKeyword
}

function reference(specifier: Node | undefined, typeOnly: boolean, lazy = false): Reference | undefined {
  return specifier !== undefined && isStringLiteral(specifier)
    ? { specifier: specifier.text, typeOnly, lazy }
    : undefined
}
