/** The sign-in page; nothing on it tells which part of a failed attempt was wrong. */
import { type Html, html } from '../http/html.ts'
import type { Locale } from '../ui/locale.ts'
import { type Messages, messages } from '../ui/messages.ts'
import { renderPage } from '../ui/page.ts'
import { button, card, field, notice } from '../ui/parts.ts'
import { PASSKEY_SCRIPT, passkeyForm } from './passkeys/form.ts'
import type { Wanted } from './second-factor/factors.ts'
import { returnField } from './sign-in-frame.ts'

/** Accounts that a sandbox tells everybody about. */
export interface SandboxHelp {
  readonly password: string
  readonly accounts: readonly { readonly username: string; readonly about: (locale: Locale) => string }[]
}

/** Why the page is shown again. */
export type SignInProblem =
  | { readonly kind: 'failed' | 'missing' | 'expired' | 'passkey' }
  | { readonly kind: 'slow-down'; readonly seconds: number }

export interface SignInPage {
  readonly locale: Locale
  readonly csrf: Html
  readonly returnTo: string
  readonly forApp: boolean
  readonly username?: string | undefined
  /** Whether a second factor is wanted, whatever the account's own setting. */
  readonly secondFactor: Wanted
  /** Whether passkeys work at this address. */
  readonly passkeys: boolean
  /** The person comes from setting a new password. */
  readonly isReset?: boolean
  readonly problem?: SignInProblem
  readonly sandbox?: SandboxHelp | undefined
  /** The buttons of identity providers. */
  readonly providers?: Html | undefined
  readonly here?: string | undefined
}

export function renderSignIn(view: SignInPage): Html {
  const { signIn } = messages(view.locale)
  const { sandbox } = view
  return renderPage({
    locale: view.locale,
    title: signIn.title,
    width: 'narrow',
    here: view.here,
    scripts: view.passkeys ? [PASSKEY_SCRIPT] : [],
    body: html`<div class="stack">${card(html`<h1>${signIn.title}</h1>
<p class="muted">${view.secondFactor === 'required' ? signIn.leadSecondFactor : view.forApp ? signIn.leadForApp : signIn.lead}</p>
${view.isReset && notice('success', signIn.resetDone)}
${view.problem && notice('danger', problemText(view.problem, view.locale))}
${form(view, signIn)}
${view.passkeys && passkeyForm({ locale: view.locale, csrf: view.csrf, purpose: 'sign-in', label: signIn.passkey, more: returnField(view.returnTo) })}
<p class="actions"><a href="/account/reset">${signIn.forgotten}</a></p>${view.providers}`)}${sandbox && sandboxCard(sandbox, view)}</div>`,
  })
}

function form(view: SignInPage, signIn: Messages['signIn']): Html {
  const known = view.username !== undefined && view.username !== ''
  return html`<form method="post" action="/account/sign-in">
${view.csrf}${returnField(view.returnTo)}<input type="hidden" name="ui_locales" value="${view.locale}">${wantedField(view)}
${field({ name: 'username', label: signIn.username, value: view.username, autocomplete: view.passkeys ? 'username webauthn' : 'username', required: true, autofocus: !known })}
${field({ name: 'password', label: signIn.password, type: 'password', autocomplete: 'current-password', required: true, autofocus: known })}
${button(signIn.submit, { wide: true })}
</form>`
}

function sandboxCard(
  { password, accounts }: SandboxHelp,
  { locale, returnTo, secondFactor }: SignInPage,
): Html {
  const { signIn } = messages(locale)
  const fillIn = (username: string) => {
    const query = new URLSearchParams({ again: '1', return_to: returnTo, ui_locales: locale, username })
    if (secondFactor !== 'no') query.set('second_factor', secondFactor)
    return `/account/sign-in?${query}`
  }
  return card(
    html`<p class="muted">${signIn.sandboxLead} <code>${password}</code></p>
<ul class="list">${accounts.map(
      ({ username, about }) =>
        html`<li><a href="${fillIn(username)}"><code>${username}</code></a><br><span class="muted small">${about(locale)}</span></li>`,
    )}</ul>`,
    signIn.sandboxTitle,
  )
}

/** Who changes it is asked again: what needs two factors looks at the session, not at this. */
function wantedField({ secondFactor }: SignInPage): Html | false {
  return secondFactor !== 'no' && html`<input type="hidden" name="second_factor" value="${secondFactor}">`
}

function problemText(problem: SignInProblem, locale: Locale): string {
  const { signIn, secondStep } = messages(locale)
  if (problem.kind === 'passkey') return secondStep.passkeyFailed
  return problem.kind === 'slow-down' ? signIn.slowDown(problem.seconds) : signIn[problem.kind]
}
