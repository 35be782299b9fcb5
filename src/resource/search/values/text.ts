/** What people read beside a code or an identifier, for `:text`. @see https://hl7.org/fhir/R4/search.html#token */
import type { WordsCondition } from '../plan.ts'
import type { TextValue } from '../rows.ts'
import { isObject, text, texts } from './json.ts'
import { fold } from './string.ts'

/** A text is found by its first words, however long it goes on. */
const mostCharacters = 500
const mostWords = 20

/** The words in the text and the displays of an element of type `as`; none when there are none. */
export function textValues(element: unknown, as: string): TextValue[] {
  if (!isObject(element)) return []
  const words = indexed(textOf(element, as).join(' ').slice(0, mostCharacters))
  return words === '' ? [] : [{ kind: 'text', words }]
}

/** Displays come again and again: what was made of short ones is kept. */
const kept = new Map<string, string>()
const longestKept = 100
const mostKept = 1000

/** Each word once, a space before it; empty when there is none. */
function indexed(written: string): string {
  const known = kept.get(written)
  if (known !== undefined) return known
  const words = [...new Set(wordsOf(written))].map((word) => ` ${word}`).join('')
  // A long text may hold on to the longer one that it was cut from.
  if (written.length > longestKept) return words
  if (kept.size >= mostKept) kept.clear()
  kept.set(written, words)
  return words
}

function textOf(element: Readonly<Record<string, unknown>>, as: string): string[] {
  switch (as) {
    case 'CodeableConcept':
      return [text(element.text), ...displaysOf(element.coding)]
    case 'Coding':
      return displaysOf([element])
    case 'Identifier':
      return isObject(element.type) ? textOf(element.type, 'CodeableConcept') : []
    default:
      return []
  }
}

function displaysOf(codings: unknown): string[] {
  return Array.isArray(codings) ? codings.filter(isObject).flatMap(({ display }) => texts(display)) : []
}

function wordsOf(written: string): string[] {
  return fold(written).match(/[\p{L}\p{N}]+/gu) ?? []
}

/** Reads the words of a search; nothing when there are none, or too many. */
export function parseWords(value: string): WordsCondition | undefined {
  const words = wordsOf(value)
  return words.length > 0 && words.length <= mostWords ? { kind: 'words', words } : undefined
}

/** Whether every word asked for begins a word of the text. */
export function wordsMatch({ words }: TextValue, asked: WordsCondition): boolean {
  return asked.words.every((word) => words.includes(` ${word}`))
}
