/** Small readers of pieces of a policy file, and the ways to put them together. What cannot be read is told with its line. */
import type { Tell, YamlValue } from './yaml.ts'

/** Reads a piece; gives nothing after it has told what is wrong. */
export type Reader<Result> = (value: YamlValue, tell: Tell) => Result | undefined

/** A text that is not empty. */
export const text: Reader<string> = (value, tell) => {
  if (value.kind === 'scalar' && typeof value.value === 'string' && value.value.trim() !== '')
    return value.value.trim()
  tell(value.line, 'a text is expected here')
  return undefined
}

/** `true` or `false`. */
export const truth: Reader<boolean> = (value, tell) => {
  if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value
  tell(value.line, 'true or false is expected here')
  return undefined
}

/** One of a few words. */
export function oneOf<Word extends string>(...words: readonly Word[]): Reader<Word> {
  return (value, tell) => {
    const found = words.find((word) => value.kind === 'scalar' && value.value === word)
    if (found === undefined) tell(value.line, `one of these is expected here: ${words.join(', ')}`)
    return found
  }
}

/** A number of units, such as `15 minutes`, in the smallest of them. */
export function amount(units: Readonly<Record<string, number>>, most: number): Reader<number> {
  return (value, tell) => {
    const written = value.kind === 'scalar' ? String(value.value) : ''
    const [, number = '', unit = ''] = /^(\d{1,6}) ([a-z]+)$/.exec(written) ?? []
    const size = units[unit.endsWith('s') ? unit : `${unit}s`]
    const found = size === undefined ? undefined : Number(number) * size
    if (found !== undefined && found <= most) return found
    const names = Object.keys(units).join(', ')
    tell(
      value.line,
      found === undefined ? `a number and a unit (${names}) are expected here` : 'this is too long',
    )
    return undefined
  }
}

const longestList = 200

/** A list, or a single item in place of a list of one. */
export function listOf<Item>(reader: Reader<Item>): Reader<readonly Item[]> {
  return (value, tell) => {
    const items = value.kind === 'list' ? value.items : [value]
    if (items.length > longestList) tell(value.line, `more than ${longestList} items`)
    return items.slice(0, longestList).flatMap((item) => reader(item, tell) ?? [])
  }
}

type Readers<Shape> = { readonly [Key in keyof Shape]-?: Reader<NonNullable<Shape[Key]>> }

/** A map of exactly these keys, of which the `required` must be there; every other key is a mistake. */
export function mapOf<Shape extends object>(
  readers: Readers<Shape>,
  required: readonly (keyof Shape & string)[],
): Reader<Partial<Shape> & { readonly line: number }> {
  return (value, tell) => {
    if (value.kind !== 'map') {
      tell(value.line, `a map is expected here, with the keys ${Object.keys(readers).join(', ')}`)
      return undefined
    }
    const found: Record<string, unknown> = { line: value.line }
    for (const [key, member] of value.entries) {
      const reader = Object.hasOwn(readers, key) ? readers[key as keyof Shape] : undefined
      if (reader) found[key] = reader(member, tell)
      else tell(member.line, `there is no key "${key}" here; known are ${Object.keys(readers).join(', ')}`)
    }
    for (const key of required) if (!value.entries.has(key)) tell(value.line, `the key "${key}" is missing`)
    return found as Partial<Shape> & { readonly line: number }
  }
}

/** The same, and it must have an item. */
export function filledListOf<Item>(reader: Reader<Item>): Reader<readonly Item[]> {
  return (value, tell) => {
    if (value.kind === 'list' && value.items.length === 0)
      tell(value.line, 'at least one item is expected here')
    return listOf(reader)(value, tell)
  }
}
