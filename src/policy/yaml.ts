/** A YAML text as a tree that knows the line of everything in it, so that a mistake can be named where it stands. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'

/** Something that is wrong with a file. */
export interface Mistake {
  /** The first line is 1. */
  readonly line: number
  readonly text: string
}

/** A piece of a file; keys and list items in the order they stand. */
export type YamlValue =
  | { readonly kind: 'map'; readonly line: number; readonly entries: ReadonlyMap<string, YamlValue> }
  | { readonly kind: 'list'; readonly line: number; readonly items: readonly YamlValue[] }
  | { readonly kind: 'scalar'; readonly line: number; readonly value: string | number | boolean | null }

/** Takes note of a mistake. */
export type Tell = (line: number, text: string) => void

/** Far more than a policy that people read. */
const longestText = 256 * 1024

/** Reads a text; what is no YAML, or more than plain maps, lists and scalars, is told and gives nothing. */
export function readYaml(text: string, tell: Tell): YamlValue | undefined {
  if (text.length > longestText) {
    tell(1, `the file is longer than ${longestText} characters`)
    return undefined
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, schema: 'core', logLevel: 'silent' })
  for (const { pos, message } of [...document.errors, ...document.warnings])
    tell(lines.linePos(pos[0]).line, message.split('\n')[0]?.replace(/ at line .*$/, '') ?? 'not YAML')
  if (document.errors.length > 0) return undefined
  if (document.contents === null) {
    tell(1, 'the file is empty')
    return undefined
  }
  return treeOf(document.contents, 1, lines, tell)
}

function treeOf(node: Node, above: number, lines: LineCounter, tell: Tell): YamlValue | undefined {
  const line = node.range ? lines.linePos(node.range[0]).line : above
  if (isAlias(node)) tell(line, 'an alias (*name) cannot be used here')
  if (isSeq(node)) {
    const items = node.items.flatMap((item) => treeOf(item as Node, line, lines, tell) ?? [])
    return { kind: 'list', line, items }
  }
  if (isMap(node)) return mapOf(node.items, line, lines, tell)
  if (!isScalar(node)) return undefined
  const { value } = node
  const isPlain = value === null || ['string', 'number', 'boolean'].includes(typeof value)
  return isPlain ? { kind: 'scalar', line, value: value as string | number | boolean | null } : undefined
}

function mapOf(
  pairs: readonly { key: unknown; value: unknown }[],
  line: number,
  lines: LineCounter,
  tell: Tell,
): YamlValue {
  const entries = new Map<string, YamlValue>()
  for (const { key, value } of pairs) {
    const name = isScalar(key) ? String(key.value) : ''
    const at = isScalar(key) && key.range ? lines.linePos(key.range[0]).line : line
    const read = value === null ? undefined : treeOf(value as Node, at, lines, tell)
    entries.set(name, read ?? { kind: 'scalar', line: at, value: null })
  }
  return { kind: 'map', line, entries }
}
