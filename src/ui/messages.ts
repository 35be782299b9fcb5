/**
 * All the words of the pages, by language and area. A language is loaded with the first page that is shown in it: required,
 * not imported, since a page asks for its words in the middle of a line.
 */
import { createRequire } from 'node:module'
import { extname } from 'node:path'
import type { Locale } from './locale.ts'
import type { Messages } from './messages.en/index.ts'

export type { Messages } from './messages.en/index.ts'

const require = createRequire(import.meta.url)
/** `.ts`, or what was built of it. */
const ending = extname(import.meta.filename)

const load: Readonly<Record<Locale, () => Messages>> = {
  en: () => require(`./messages.en/index${ending}`).english,
  'zh-TW': () => require(`./messages.zh-TW/index${ending}`).traditionalChinese,
}
const loaded = new Map<Locale, Messages>()

/** The words of `locale`. */
export function messages(locale: Locale): Messages {
  const known = loaded.get(locale)
  if (known) return known
  const words = load[locale]()
  loaded.set(locale, words)
  return words
}
