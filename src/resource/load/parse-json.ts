import { parseExact } from '../exact-json.ts'
import { findJsonFault } from './json-fault.ts'
import { LoadRefused } from './refusal.ts'

/** Parses JSON; throws LoadRefused with line and column. `line` is that of the text's beginning. */
export function parseJson(text: string, line = 1): unknown {
  try {
    return parseExact(text)
  } catch {
    const { offset, reason } = findJsonFault(text)
    const before = text.slice(0, offset)
    const column = offset - (before.lastIndexOf('\n') + 1) + 1
    throw new LoadRefused(`not JSON: ${reason}`, { line: line + countLines(before), column })
  }
}

function countLines(text: string): number {
  let lines = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++
  return lines
}
