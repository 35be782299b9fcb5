/** Where a text stops being JSON, and what is wrong there. */
export interface JsonFault {
  readonly offset: number
  readonly reason: string
}

const SPACE = /[ \t\n\r]*/y
const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

type Expectation = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end'

/** Finds the first fault in a text that is not JSON (RFC 8259). The runtime's own message does not always say where. */
export function findJsonFault(text: string): JsonFault {
  const open: ('}' | ']')[] = []
  let expected: Expectation = 'value'
  for (let at = after(SPACE, text, 0); ; at = after(SPACE, text, at)) {
    if (expected === ', or end' && open.length === 0) return { offset: at, reason: 'text after the end' }
    if (at >= text.length) return { offset: at, reason: 'the text ends too early' }
    const step = take(text, at, expected, open)
    if (!step) return { offset: at, reason: `unexpected ${shown(text, at)}` }
    if (step.fault !== undefined) return { offset: step.at, reason: step.fault }
    at = step.at
    expected = step.next
  }
}

interface Step {
  readonly at: number
  readonly next: Expectation
  readonly fault?: string
}

function take(text: string, at: number, expected: Expectation, open: ('}' | ']')[]): Step | undefined {
  const sign = text[at]
  if (expected === ':') return sign === ':' ? { at: at + 1, next: 'value' } : undefined
  if (sign === open.at(-1) && expected !== 'value' && expected !== 'key') {
    if (sign === '}' ? expected === 'value or ]' : expected === 'key or }') return undefined
    open.pop()
    return { at: at + 1, next: ', or end' }
  }
  if (expected === ', or end') {
    return sign === ',' ? { at: at + 1, next: open.at(-1) === '}' ? 'key' : 'value' } : undefined
  }
  if (sign === '"') return string(text, at + 1, expected.startsWith('key') ? ':' : ', or end')
  return expected.startsWith('key') ? undefined : takeValue(text, at, open)
}

function takeValue(text: string, at: number, open: ('}' | ']')[]): Step | undefined {
  if (text[at] === '{') {
    open.push('}')
    return { at: at + 1, next: 'key or }' }
  }
  if (text[at] === '[') {
    open.push(']')
    return { at: at + 1, next: 'value or ]' }
  }
  const end = after(LITERAL, text, at)
  return end > at ? { at: end, next: ', or end' } : undefined
}

function isPlain(text: string, at: number): boolean {
  const sign = text[at]
  return sign !== undefined && sign >= ' ' && sign !== '"' && sign !== '\\'
}

/** Without one expression for the whole: a note in base64 can be megabytes long. */
function string(text: string, start: number, next: Expectation): Step {
  for (let at = start; ; ) {
    while (isPlain(text, at)) at++
    if (text[at] === '"') return { at: at + 1, next }
    const escaped = after(ESCAPE, text, at)
    if (escaped === at)
      return {
        at,
        next,
        fault:
          at >= text.length ? 'the text ends within a string' : `unexpected ${shown(text, at)} in a string`,
      }
    at = escaped
  }
}

/** Where the match of a sticky expression ends; `at` itself when there is none. */
function after(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at
  return expression.test(text) ? expression.lastIndex : at
}

function shown(text: string, at: number): string {
  const sign = String.fromCodePoint(text.codePointAt(at) ?? 0)
  return sign < ' ' ? 'control character' : sign
}
