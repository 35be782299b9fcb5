/**
 * JSON whose numbers keep the digits they were written with: `1.10` says more than `1.1`. A number is a number to
 * whoever looks at it; how it was written is remembered beside it, under a symbol, which spreading an object carries along.
 * @see FHIR R4 datatypes, decimal: the precision of the value SHALL be preserved
 */

const written = Symbol('how numbers were written')

type Texts = Record<string, string>
interface Holder {
  [written]?: Texts
}

/** What the types of the language do not know yet. */
const { parse, rawJSON } = JSON as unknown as {
  parse(
    text: string,
    revive: (this: Holder, key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown
  rawJSON(text: string): unknown
}

/** A number that would be written anew in another way: most texts have none, and are read at once. */
const unusual = /[:[,]\s*(?:-0(?![.\d])|-?(?:\d+\.\d*0(?!\d)|\d+(?:\.\d+)?[eE]|[\d.]{16}))/

/** Parses JSON; throws like `JSON.parse`. */
export function parseExact(text: string): unknown {
  if (!unusual.test(text)) return JSON.parse(text)
  return parse(text, function remember(key, value, { source }) {
    if (typeof value === 'number' && source !== undefined && source !== String(value)) note(this, key, source)
    return value
  })
}

/** Writes JSON, numbers as they came; `indent` as `JSON.stringify` takes it. */
export function writeExact(value: unknown, indent?: number): string {
  if (!hasUnusual(value)) return JSON.stringify(value, undefined, indent)
  return JSON.stringify(
    value,
    function asWritten(this: Holder, key, member) {
      const text = typeof member === 'number' ? writtenAs(this, key) : undefined
      return text === undefined ? member : rawJSON(text)
    },
    indent,
  )
}

/** JSON text laid out anew. */
export function indented(text: string): string {
  return writeExact(parseExact(text), 2)
}

/** A copy that shares nothing with the value. */
export function copyExact<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return carryTexts(value, value.map(copyExact)) as Value
  const members = Object.entries(value).map(([name, member]) => [name, copyExact(member)])
  return carryTexts(value, Object.fromEntries(members))
}

/** Gives `copy` what is known of how the numbers in `original` were written; the copy. */
export function carryTexts<Copy extends object>(original: object, copy: Copy): Copy {
  const texts = (original as Holder)[written]
  if (texts) (copy as Holder)[written] = { ...texts }
  return copy
}

/** How a number that is a member of `holder` was written, where that is not the usual way. */
export function writtenAs(holder: object, name: string): string | undefined {
  const text = (holder as Holder)[written]?.[name]
  // Somebody may have put another number there since.
  return text !== undefined && Number(text) === (holder as Record<string, unknown>)[name] ? text : undefined
}

/** Remembers how a number that is a member of `holder` was written; nothing is known of another one there before. */
export function note(holder: object, name: string, text: string | undefined): void {
  const texts = (holder as Holder)[written]
  if (text !== undefined) (holder as Holder)[written] = { ...texts, [name]: text }
  else if (texts) delete texts[name]
}

function hasUnusual(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return written in value || Object.values(value).some(hasUnusual)
}
