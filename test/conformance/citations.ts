/** Which tests cite which requirement: read from the titles in the files, without running them. */
import { globSync, readFileSync } from 'node:fs'
import {
  isNoSubstitutionTemplateLiteral,
  isStringLiteral,
  isTemplateHead,
  type Node,
} from 'typescript/unstable/ast'
import { walk } from '../architecture/imports.ts'
import { parseSources, type Source } from '../architecture/source.ts'

const ID = /\b[A-Z]+-\d\d\b/g
const ITEM = '(?:[A-Z]+-\\d\\d|D\\.\\d)'
/** A title begins with its ids, one by one, then a colon; a row of a table of titles may be the ids alone. */
const LEADING = new RegExp(`^${ITEM}(?:,? (?:and )?${ITEM})*(?=:|$)`)
const RANGE = /[A-Z]+-\d\d ?(?:…|\.\.|to|–|-) ?(?:[A-Z]+-)?\d/

/** The ids that a title cites; of a range none, because nobody can see whether each of its rows was meant. */
export function idsOf(title: string): string[] {
  if (RANGE.test(title.slice(0, title.indexOf(':') + 1))) return []
  return LEADING.exec(title)?.[0].match(ID) ?? []
}

/** The files that cite each id, in order of their names. */
export function readCitations(): Map<string, string[]> {
  const paths = globSync(['src/**/*.test.ts', 'apps/**/*.test.ts', 'test/**/*.ts']).filter(
    (path) => !path.startsWith('test/conformance') && !path.startsWith('test/architecture'),
  )
  const texts = paths.sort().map((path) => [path, readFileSync(path, 'utf8')] as const)
  return citationsIn(parseSources(Object.fromEntries(texts.filter(([, text]) => LEADING_ID.test(text)))))
}

/** Only files that may hold a citation are parsed. */
const LEADING_ID = /['"`][A-Z]+-\d\d\b/

/** The citations of parsed files. */
export function citationsIn(sources: readonly Source[]): Map<string, string[]> {
  const citing = new Map<string, Set<string>>()
  for (const { path, tree } of sources)
    walk(tree, (node) => {
      for (const id of idsOf(titleOf(node) ?? '')) citing.set(id, (citing.get(id) ?? new Set()).add(path))
    })
  return new Map([...citing].map(([id, paths]) => [id, [...paths].sort()]))
}

function titleOf(node: Node): string | undefined {
  return isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node) || isTemplateHead(node)
    ? node.text
    : undefined
}
