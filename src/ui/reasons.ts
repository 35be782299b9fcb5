/** The reasons of refusals, which the code gives in English, in the reader's language. */
import type { Locale } from './locale.ts'
import { messages } from './messages.ts'

/** A reason in the words of a language; nothing where that language has none for it: then it is told in English. */
export function reasonIn(locale: Locale, reason: string): string | undefined {
  const { texts, forms } = messages(locale).reasons
  if (Object.hasOwn(texts, reason)) return texts[reason]
  const tell = (part: string) => reasonIn(locale, part) ?? part
  for (const [form, told] of forms) {
    const found = form.exec(reason)
    if (found) return told(found.slice(1), tell)
  }
  return undefined
}
