/** `/account/language`: keeps the chosen language on this browser and goes back to the page. */
import { redirect } from '../http/reply.ts'
import { RequestError } from '../http/request-error.ts'
import type { Cookie, Route } from '../http/route.ts'
import { LOCALE_COOKIE, type Locale, parseLocale } from '../ui/locale.ts'
import { LOCALE_KEPT } from './durations.ts'
import { parseReturnTo } from './return-to.ts'

const SECOND = 1000

/** The cookie that keeps a language. */
export function localeCookie(locale: Locale): Cookie {
  return { name: LOCALE_COOKIE, value: locale, maxAge: LOCALE_KEPT / SECOND }
}

export function languageRoutes(home: string): Route[] {
  return [
    {
      method: 'GET',
      path: '/account/language',
      handle: (request) => {
        const locale = parseLocale(request.query.get('locale') ?? '')
        if (locale === undefined)
          throw new RequestError(400, 'locale must be a language of these pages: en or zh-TW.')
        const returnTo = parseReturnTo(request.query.get('return_to')) ?? home
        return { ...redirect(inLanguage(returnTo, locale)), cookies: [localeCookie(locale)] }
      },
    },
  ]
}

/** A page that was asked for in a language by its address is now asked for in the chosen one. */
function inLanguage(path: string, locale: Locale): string {
  return path.replace(/([?&]ui_locales=)[^&]*/, `$1${locale}`)
}
