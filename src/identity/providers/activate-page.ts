/** The page for an activation code; it does not tell which part of a wrong answer was wrong. */
import { type Html, html } from '../../http/html.ts'
import type { Locale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'
import { renderPage } from '../../ui/page.ts'
import { button, card, field, linkButton, notice } from '../../ui/parts.ts'
import { ACTIVATE_PAGE } from './addresses.ts'
import type { Person } from './identity.ts'
import type { Provider } from './provider.ts'
import { hash } from './secrets.ts'

/** Why the page is shown again. */
export type ActivationProblem =
  | { readonly kind: 'wrong' | 'missing' | 'expired' | 'changed' }
  | { readonly kind: 'slow-down'; readonly seconds: number }

/** What the page shows. */
export interface ActivatePage {
  readonly locale: Locale
  readonly csrf: Html
  readonly provider: Provider
  readonly person: Person
  readonly problem?: ActivationProblem
}

/** Whom a page names: what is typed there is for no other, whoever has come back in that browser since. */
export function shownAs({ issuer, subject }: Person): string {
  return hash(`shown\n${issuer}\n${subject}`)
}

/** Renders it. */
export function renderActivate({ locale, csrf, provider, person, problem }: ActivatePage): Html {
  const words = messages(locale).providers.activate
  const body = card(html`<h1>${words.title}</h1>
${problem && notice('danger', problemText(problem, locale))}
${provider.firstSignIn === 'match' && notice('info', words.noMatch)}
<p>${words.lead(provider.name[locale], person.label)}</p>
<form method="post" action="${ACTIVATE_PAGE}">
${csrf}<input type="hidden" name="as" value="${shownAs(person)}">${field({ name: 'code', label: words.code, hint: words.codeHint, autocomplete: 'off', required: true, autofocus: true })}
${field({ name: 'birthdate', label: words.birthDate, type: 'date', autocomplete: 'bday', required: true })}
${button(words.submit, { wide: true })}
</form>
<p class="actions">${linkButton('/account/sign-in', words.leave, 'quiet')}</p>`)
  return renderPage({ locale, title: words.title, body, width: 'narrow' })
}

function problemText(problem: ActivationProblem, locale: Locale): string {
  const words = messages(locale).providers.activate
  return problem.kind === 'slow-down' ? words.slowDown(problem.seconds) : words[problem.kind]
}
