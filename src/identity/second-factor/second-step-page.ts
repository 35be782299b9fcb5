/** The page between password and session: a one-time code, a passkey, or a recovery code. */
import { type Html, html } from '../../http/html.ts'
import type { Locale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'
import { renderPage } from '../../ui/page.ts'
import { button, card, field, notice } from '../../ui/parts.ts'
import { PASSKEY_SCRIPT, passkeyForm } from '../passkeys/form.ts'
import { signInUrl } from '../return-to.ts'
import { returnField } from '../sign-in-frame.ts'
import { SECOND_STEP } from '../start-session.ts'
import type { Factors } from './factors.ts'

/** Why the page is shown again. */
export type SecondStepProblem =
  | { readonly kind: 'wrong' | 'expired' | 'passkey' }
  | { readonly kind: 'slow-down'; readonly seconds: number }

export interface SecondStepView {
  readonly locale: Locale
  readonly csrf: Html
  /** Where the person is going: also when nothing waits any more as the form is sent. */
  readonly returnTo: string
  readonly factors: Factors
  /** The field of recovery codes is open already. */
  readonly recovering: boolean
  readonly problem?: SecondStepProblem | undefined
}

export function renderSecondStep(view: SecondStepView): Html {
  const { locale, factors, problem } = view
  const { secondStep: words } = messages(locale)
  return renderPage({
    locale,
    title: words.title,
    width: 'narrow',
    scripts: factors.passkeys > 0 ? [PASSKEY_SCRIPT] : [],
    body: card(html`<h1>${words.title}</h1>
${problem && problem.kind !== 'wrong' && notice('danger', problemText(problem, locale))}
${factors.codes && codeForm(view)}
${factors.passkeys > 0 && html`<div class="stack">${!factors.codes && html`<p>${words.passkeyLead}</p>`}${passkeyForm({ ...view, purpose: 'second-step', label: words.passkey, more: returnField(view.returnTo), kind: factors.codes ? 'secondary' : 'primary' })}</div>`}
${factors.recoveryCodes > 0 && recoveryForm(view)}
<p class="actions"><a href="${signInUrl(view.returnTo, { again: true, uiLocales: locale })}">${words.startAgain}</a></p>`),
  })
}

function codeForm(view: SecondStepView): Html {
  const { locale, csrf, recovering, problem } = view
  const { secondStep: words } = messages(locale)
  const wrong = problem?.kind === 'wrong' && !recovering && { error: words.wrong }
  return html`<p class="muted">${words.codeLead}</p>
<form method="post" action="${SECOND_STEP}">${csrf}${returnField(view.returnTo)}<input type="hidden" name="ui_locales" value="${locale}">
${field({ name: 'code', label: words.code, autocomplete: 'one-time-code', inputmode: 'numeric', required: true, autofocus: !recovering, ...wrong })}
${button(words.submit, { wide: true })}</form>`
}

function recoveryForm(view: SecondStepView): Html {
  const { locale, csrf, recovering, problem } = view
  const { secondStep: words } = messages(locale)
  const wrong = problem?.kind === 'wrong' && recovering && { error: words.wrongRecovery }
  return html`<details class="more"${recovering && html` open`}><summary>${words.recoveryTitle}</summary>
<form method="post" action="${SECOND_STEP}">${csrf}${returnField(view.returnTo)}<input type="hidden" name="ui_locales" value="${locale}">
${field({ name: 'recovery_code', label: words.recovery, hint: words.recoveryHint, autocomplete: 'off', required: true, autofocus: recovering, ...wrong })}
${button(words.submit, { kind: 'secondary' })}</form></details>`
}

function problemText(problem: SecondStepProblem, locale: Locale): string {
  const { secondStep, signIn } = messages(locale)
  if (problem.kind === 'slow-down') return signIn.slowDown(problem.seconds)
  if (problem.kind === 'expired') return signIn.expired
  return problem.kind === 'passkey' ? secondStep.passkeyFailed : secondStep.wrong
}
