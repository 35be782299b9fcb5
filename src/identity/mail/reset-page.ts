/** The pages of a forgotten password. */
import { type Html, html } from '../../http/html.ts'
import type { Locale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'
import { renderPage } from '../../ui/page.ts'
import { button, card, field, linkButton, notice } from '../../ui/parts.ts'
import { type PasswordFault, shortestPassword } from '../security/password-rule.ts'
import { RESET, RESET_PASSWORD } from './path.ts'

export type AskProblem =
  | { readonly kind: 'expired' | 'missing' }
  | { readonly kind: 'slow-down'; readonly seconds: number }

export type NewPasswordProblem = PasswordFault | 'expired'

/** Asks whose password it is; the same for every name, and where no mail is sent says whom to ask. */
export function renderAsk(view: {
  readonly locale: Locale
  readonly csrf: Html
  readonly sent: boolean
  readonly isOn: boolean
  readonly problem: AskProblem | undefined
}): Html {
  const { locale, csrf, sent, isOn, problem } = view
  const { reset: words, signIn } = messages(locale)
  const form = html`<p>${words.lead}</p>
<form method="post" action="${RESET}">${csrf}
${field({ name: 'username', label: words.name, autocomplete: 'username', required: true, autofocus: true, ...(problem?.kind === 'missing' && { error: words.missing }) })}
${button(words.submit, { wide: true })}</form>`
  return narrow(
    locale,
    words.title,
    html`${problem && problem.kind !== 'missing' && notice('danger', askProblem(problem, locale))}
${sent ? notice('success', words.sent) : isOn ? form : html`<p>${words.off}</p>`}
<p class="actions"><a href="/account/sign-in">${signIn.title}</a></p>`,
  )
}

/** Asks for the new password. */
export function renderNew(view: {
  readonly locale: Locale
  readonly csrf: Html
  readonly token: string
  readonly username: string
  readonly isSandbox: boolean
  readonly problem: NewPasswordProblem | undefined
}): Html {
  const { locale, csrf, token, username, isSandbox, problem } = view
  const { reset: words, security, signIn } = messages(locale)
  const hint = security.passwordHint(shortestPassword(isSandbox))
  const fault = problem !== undefined && problem !== 'expired' && { error: security.passwordFaults[problem] }
  return narrow(
    locale,
    words.newTitle,
    html`${problem === 'expired' && notice('danger', signIn.expired)}
<p>${words.newLead(username)}</p>
<form method="post" action="${RESET_PASSWORD}">${csrf}<input type="hidden" name="token" value="${token}">
${field({ name: 'new_password', label: security.newPassword, type: 'password', autocomplete: 'new-password', required: true, autofocus: true, hint, ...fault })}
${button(words.newSubmit, { wide: true })}</form>`,
  )
}

/** A link that does not work, or not any more. */
export function renderGone(locale: Locale): Html {
  const { reset: words } = messages(locale)
  return narrow(
    locale,
    words.newTitle,
    html`${notice('danger', words.gone)}<p class="actions">${linkButton(RESET, words.again, 'primary')}</p>`,
  )
}

function narrow(locale: Locale, title: string, content: Html): Html {
  return renderPage({ locale, title, width: 'narrow', body: card(html`<h1>${title}</h1>${content}`) })
}

function askProblem(problem: AskProblem, locale: Locale): string {
  const { signIn } = messages(locale)
  return problem.kind === 'slow-down' ? signIn.slowDown(problem.seconds) : signIn.expired
}
