/**
 * The language of this page, chosen once: what the launch hints at (`ui_locales`, as OpenID Connect calls it, in the address of
 * the launch page or of the app itself), and else the first language of the browser that the app speaks.
 */

/** Where the hint is kept on the way to the authorization server and back. */
const KEPT = 'trends.ui_locales'

/**
 * The first language of a list that the app speaks: Traditional Chinese, or the reader's own kind of English.
 * @param {readonly string[]} tags
 */
export function chooseLanguage(tags) {
  for (const tag of tags) {
    const { language, script, region } = parseTag(tag) ?? {}
    if (language === 'en') return tag
    if (language === 'zh' && (script ?? (region ? writtenIn(tag) : 'Hant')) === 'Hant') return 'zh-TW'
  }
  return 'en-GB'
}

/** @param {string} tag */
function parseTag(tag) {
  try {
    return new Intl.Locale(tag)
  } catch {
    return undefined
  }
}

/** @param {string} tag */
function writtenIn(tag) {
  return new Intl.Locale(tag).maximize().script
}

/** The tags in the order of their weight: the hint first. */
function wished() {
  const hint = new URLSearchParams(location.search).get('ui_locales')
  if (hint !== null) sessionStorage.setItem(KEPT, hint.slice(0, 100))
  return [...(sessionStorage.getItem(KEPT) ?? '').split(' '), ...navigator.languages].filter(Boolean)
}

/** Tests run without a page, in English. */
export const LANGUAGE = 'document' in globalThis ? chooseLanguage(wished()) : 'en-GB'
