/** Enrolling an app for one-time codes: picture and text of its secret, its first code, and the recovery codes, shown once. */
import { type Html, html, raw } from '../../http/html.ts'
import type { Locale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'
import { renderPage } from '../../ui/page.ts'
import { button, card, field, linkButton, notice } from '../../ui/parts.ts'
import { signInUrl } from '../return-to.ts'
import { returnField } from '../sign-in-frame.ts'
import type { Offer } from './one-time-codes.ts'

export interface SetUpView {
  readonly locale: Locale
  readonly csrf: Html
  readonly offer: Offer
  /** Where the form goes. */
  readonly action: string
  /** Where somebody is going who has to: nothing else opens before it is done. */
  readonly returnTo?: string
  readonly problem?: 'wrong' | 'expired'
}

export async function renderSetUp(view: SetUpView): Promise<Html> {
  const { renderSVG } = await import('uqr')
  const { locale, csrf, offer, action, returnTo, problem } = view
  const isForced = returnTo !== undefined
  const { secondStep: words, signIn, frame } = messages(locale)
  return renderPage({
    locale,
    title: words.setUpTitle,
    width: 'narrow',
    body: card(html`<h1>${words.setUpTitle}</h1>
${problem === 'expired' && notice('danger', signIn.expired)}
<p>${isForced ? words.setUpForced : words.setUpLead}</p>
<div class="qr" role="img" aria-label="${words.qrLabel}">${raw(renderSVG(offer.uri, { border: 2 }))}</div>
<p class="muted">${words.byHand}</p><p><code class="secret">${offer.secret.replaceAll(/.{4}(?=.)/g, '$& ')}</code></p>
<form method="post" action="${action}">${csrf}${isForced && returnField(returnTo)}<input type="hidden" name="offer" value="${offer.sealed}"><input type="hidden" name="ui_locales" value="${locale}">
${field({ name: 'code', label: words.firstCode, autocomplete: 'one-time-code', inputmode: 'numeric', required: true, autofocus: problem === 'wrong', ...(problem === 'wrong' && { error: words.wrong }) })}
<div class="actions">${button(words.turnOn)}${linkButton(isForced ? signInUrl(returnTo, { again: true, uiLocales: locale }) : '/account/security', frame.cancel)}</div></form>`),
  })
}

/** The recovery codes, which the server cannot show again. */
export function renderRecoveryCodes(
  locale: Locale,
  codes: readonly string[],
  next: { readonly href: string; readonly label: string },
): Html {
  const { secondStep: words } = messages(locale)
  return renderPage({
    locale,
    title: words.recoveryCodesTitle,
    width: 'narrow',
    body: card(html`<h1>${words.recoveryCodesTitle}</h1>
${notice('warning', words.recoveryCodesLead)}
<ul class="recovery-codes">${codes.map((code) => html`<li><code>${code}</code></li>`)}</ul>
<p class="actions">${linkButton(next.href, next.label, 'primary')}</p>`),
  })
}
