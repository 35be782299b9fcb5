/** The sign-in page; nothing on it tells which part of a failed attempt was wrong. */
import { type Html, html } from '../http/html.ts'
import type { Locale } from '../ui/locale.ts'
import { type Messages, messages } from '../ui/messages.ts'
import { renderPage } from '../ui/page.ts'
import { button, card, field, notice } from '../ui/parts.ts'

/** Accounts that a sandbox tells everybody about. */
export interface SandboxHelp {
  readonly password: string
  readonly accounts: readonly { readonly username: string; readonly about: (locale: Locale) => string }[]
}

/** Why the page is shown again. */
export type SignInProblem =
  | { readonly kind: 'failed' | 'missing' | 'expired' }
  | { readonly kind: 'slow-down'; readonly seconds: number }

export interface SignInPage {
  readonly locale: Locale
  readonly csrf: Html
  readonly returnTo: string
  readonly forApp: boolean
  readonly username?: string
  readonly problem?: SignInProblem
  readonly sandbox?: SandboxHelp
  readonly here?: string
}

export function renderSignIn(view: SignInPage): Html {
  const { signIn } = messages(view.locale)
  const { sandbox } = view
  return renderPage({
    locale: view.locale,
    title: signIn.title,
    width: 'narrow',
    here: view.here,
    body: html`<div class="stack">${card(html`<h1>${signIn.title}</h1>
<p class="muted">${view.forApp ? signIn.leadForApp : signIn.lead}</p>
${view.problem && notice('danger', problemText(view.problem, signIn))}
${form(view, signIn)}`)}${sandbox && sandboxCard(sandbox, view.locale)}</div>`,
  })
}

function form(view: SignInPage, signIn: Messages['signIn']): Html {
  const known = view.username !== undefined && view.username !== ''
  return html`<form method="post" action="/account/sign-in">
${view.csrf}<input type="hidden" name="return_to" value="${view.returnTo}"><input type="hidden" name="ui_locales" value="${view.locale}">
${field({ name: 'username', label: signIn.username, value: view.username, autocomplete: 'username', required: true, autofocus: !known })}
${field({ name: 'password', label: signIn.password, type: 'password', autocomplete: 'current-password', required: true, autofocus: known })}
${button(signIn.submit, { wide: true })}
</form>`
}

function sandboxCard({ password, accounts }: SandboxHelp, locale: Locale): Html {
  const { signIn } = messages(locale)
  return card(
    html`<p class="muted">${signIn.sandboxLead} <code>${password}</code></p>
<ul class="list">${accounts.map(
      ({ username, about }) =>
        html`<li><code>${username}</code><br><span class="muted small">${about(locale)}</span></li>`,
    )}</ul>`,
    signIn.sandboxTitle,
  )
}

function problemText(problem: SignInProblem, signIn: Messages['signIn']): string {
  return problem.kind === 'slow-down' ? signIn.slowDown(problem.seconds) : signIn[problem.kind]
}
