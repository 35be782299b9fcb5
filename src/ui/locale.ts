/** Which language a page speaks: what the app asks for, then what the user chose, then what the browser prefers. */
import type { Params } from '../http/params.ts'

/** A language that the pages speak. */
export type Locale = 'en' | 'zh-TW'

/** All languages, with their own names. */
export const LOCALE_NAMES: Readonly<Record<Locale, string>> = { en: 'English', 'zh-TW': '正體中文' }

/** The cookie that keeps the user's choice. */
export const LOCALE_COOKIE = 'chartkey_locale'

/** What of a request tells the language; an `HttpRequest` is one. */
export interface LocaleHints {
  readonly query: Params
  readonly form?: Params
  readonly cookies: Readonly<Record<string, string | undefined>>
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** The language for a request: `ui_locales`, then the user's setting, then `Accept-Language`, then English. */
export function chooseLocale(request: LocaleHints): Locale {
  return (
    firstSpoken(wanted(request)) ??
    parseLocale(request.cookies[LOCALE_COOKIE] ?? '') ??
    firstSpoken(byPreference(request.headers['accept-language'] ?? '')) ??
    'en'
  )
}

/** The language that a BCP 47 tag means to us, or nothing. */
export function parseLocale(tag: string): Locale | undefined {
  const subtags = tag.toLowerCase().split('-')
  if (subtags[0] === 'en') return 'en'
  if (subtags[0] !== 'zh' || subtags.includes('hans')) return undefined
  return subtags.length === 1 || ['hant', 'tw', 'hk', 'mo'].some((part) => subtags.includes(part))
    ? 'zh-TW'
    : undefined
}

function wanted(request: LocaleHints): string[] {
  try {
    return (request.query.get('ui_locales') ?? request.form?.get('ui_locales') ?? '').split(' ')
  } catch {
    // An unreadable query is told on a page, and that page needs a language too.
    return []
  }
}

function byPreference(header: string): string[] {
  return header
    .split(',')
    .map((item) => {
      const [tag = '', ...rest] = item.split(';')
      const quality = rest
        .map((part) => /^\s*q=([\d.]+)\s*$/.exec(part)?.[1])
        .find((value) => value !== undefined)
      return { tag: tag.trim(), quality: quality === undefined ? 1 : Number(quality) }
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag)
}

function firstSpoken(tags: readonly string[]): Locale | undefined {
  return tags.map(parseLocale).find((locale) => locale !== undefined)
}
