/** The page on how the account is signed in to: password, second factor, passkeys, and the address for letters. */
import { type Html, html } from '../../http/html.ts'
import { page } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { accountNav } from '../../ui/account-nav.ts'
import { formatMoment } from '../../ui/format.ts'
import { chooseLocale, type Locale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'
import { hereOf, renderPage } from '../../ui/page.ts'
import { button, card, chip, field, linkButton, notice } from '../../ui/parts.ts'
import type { Passkey } from '../credential-ports.ts'
import type { IdentityHouse } from '../house.ts'
import { PASSKEY_SCRIPT, PASSKEYS, passkeyForm } from '../passkeys/form.ts'
import { type Factors, factorsOf } from '../second-factor/factors.ts'
import type { Session } from '../sessions.ts'
import { type PasswordFault, shortestPassword } from './password-rule.ts'
import { SECURITY } from './path.ts'

/** What was wrong with a form of the page. */
export type SecurityProblem =
  | { readonly kind: PasswordFault | 'wrong-password' | 'no-password' | 'no-address' }
  | { readonly kind: 'slow-down'; readonly seconds: number }

interface View {
  readonly locale: Locale
  readonly csrf: Html
  readonly session: Session
  readonly factors: Factors
  readonly keys: readonly Passkey[]
  readonly problem: SecurityProblem | undefined
  readonly house: IdentityHouse
}

/** The page as it is now, perhaps with what was wrong or what was done. */
export async function securityPage(
  house: IdentityHouse,
  request: HttpRequest,
  session: Session,
  problem?: SecurityProblem,
  status = 200,
): Promise<HttpReply> {
  const locale = chooseLocale(request)
  const { security: words } = messages(locale)
  const { html: csrf, cookies } = house.csrf.field(request)
  const [factors, keys] = await Promise.all([
    factorsOf(session.account.id, house),
    house.passkeys.listOf(session.account.id),
  ])
  const view: View = { locale, csrf, session, factors, keys, problem, house }
  const asked = request.query.get('told') ?? ''
  const told = Object.hasOwn(words.told, asked) ? words.told[asked as keyof typeof words.told] : undefined
  const markup = renderPage({
    locale,
    title: words.title,
    user: { name: session.account.name, signOutField: csrf },
    nav: accountNav(locale, SECURITY, session.account.roles),
    here: hereOf(request),
    scripts: house.keys.available ? [PASSKEY_SCRIPT] : [],
    body: html`<h1>${words.title}</h1>
${told && notice(isBadNews(asked) ? 'warning' : 'success', told)}
<div class="split"><div class="stack">
${card(passwordPart(view), words.passwordTitle)}
${card(codesPart(view), words.codesTitle)}
</div><div class="stack">
${card(passkeysPart(view), words.passkeysTitle)}
${card(emailPart(view), words.emailTitle)}
</div></div>`,
  })
  return { ...page(status, markup), cookies }
}

function isBadNews(told: string): boolean {
  return ['expired', 'required', 'last-way', 'passkey-failed', 'link-expired', 'too-many-letters'].includes(
    told,
  )
}

function passwordPart({ locale, csrf, session, problem, house }: View): Html {
  const { security: words, signIn } = messages(locale)
  if (session.account.passwordHash === undefined) return html`<p>${words.noPassword}</p>`
  const wrong = problem?.kind === 'wrong-password' ? words.wrongPassword : undefined
  const fault =
    problem && Object.hasOwn(words.passwordFaults, problem.kind)
      ? words.passwordFaults[problem.kind as PasswordFault]
      : undefined
  const least = shortestPassword(house.sandbox !== undefined)
  return html`${problem?.kind === 'slow-down' && notice('danger', signIn.slowDown(problem.seconds))}
<form method="post" action="${SECURITY}/password">${csrf}
<input hidden type="text" name="username" value="${session.account.username}" autocomplete="username" readonly>
${field({ name: 'current_password', label: words.currentPassword, type: 'password', autocomplete: 'current-password', required: true, ...(wrong && { error: wrong }) })}
${field({ name: 'new_password', label: words.newPassword, type: 'password', autocomplete: 'new-password', required: true, hint: words.passwordHint(least), ...(fault && { error: fault }) })}
<p class="muted small">${words.passwordLead}</p>
${button(words.passwordSubmit, { kind: 'secondary' })}</form>`
}

function codesPart({ locale, csrf, factors }: View): Html {
  const { security: words } = messages(locale)
  const press = (path: string, label: string, kind: 'secondary' | 'danger') =>
    html`<form method="post" action="${SECURITY}/codes/${path}">${csrf}${button(label, { kind })}</form>`
  const recovery =
    (factors.codes || factors.passkeys > 0) && press('recovery', words.recoveryNew, 'secondary')
  const left = factors.recoveryCodes > 0 && html`<p>${words.recoveryLeft(factors.recoveryCodes)}</p>`
  if (!factors.codes)
    return html`<p>${words.codesLead}</p>${left}<div class="actions">${linkButton(`${SECURITY}/codes`, words.codesSetUp)}${recovery}</div>`
  return html`<p>${chip(words.codesOn, 'success')}</p>${left}
<div class="actions">${recovery}${press('off', words.codesOff, 'danger')}</div>`
}

function passkeysPart(view: View): Html {
  const { locale, csrf, keys, house } = view
  const { security: words } = messages(locale)
  const add = passkeyForm({ locale, csrf, purpose: 'register', label: words.passkeyAdd })
  return html`<p>${words.passkeysLead}</p>
${keys.length > 0 && html`<ul class="list">${keys.map((key) => passkeyItem(key, view))}</ul>`}
${house.keys.available ? html`${add}<noscript><p class="muted">${words.passkeyScript}</p></noscript>` : html`<p class="muted">${words.passkeyUnavailable}</p>`}`
}

function passkeyItem({ id, name, createdAt, usedAt }: Passkey, { locale, csrf }: View): Html {
  const { security: words, frame } = messages(locale)
  const field = `passkey-name-${id}`
  return html`<li><p><strong>${name}</strong><br><span class="muted small">${words.passkeySince(formatMoment(locale, createdAt))}${
    usedAt !== undefined && html` · ${words.passkeyUsed(formatMoment(locale, usedAt))}`
  }</span></p>
<details class="more"><summary>${words.passkeyChange}<span class="visually-hidden"> ${name}</span></summary>
<form method="post" action="${PASSKEYS}/name">${csrf}<input type="hidden" name="passkey" value="${id}">
<div class="field"><label for="${field}">${words.passkeyName}</label><input id="${field}" name="name" type="text" maxlength="60" value="${name}" autocomplete="off" required></div>
${button(frame.save, { kind: 'secondary' })}</form>
<form method="post" action="${PASSKEYS}/remove" class="actions">${csrf}<input type="hidden" name="passkey" value="${id}">${button(words.passkeyRemove, { kind: 'danger' })}</form></details></li>`
}

function emailPart({ locale, csrf, session, problem, house }: View): Html {
  const { security: words } = messages(locale)
  const { email } = session.account
  const now = email === undefined ? words.emailNone : html`<code>${email}</code>`
  if (!house.mail) return html`<p>${now}</p><p class="muted">${words.emailOff}</p>`
  const error = problem?.kind === 'no-address' ? { error: words.emailWrong } : {}
  return html`<p>${now}</p><p class="muted">${words.emailLead}</p>
<form method="post" action="${SECURITY}/email">${csrf}
${field({ name: 'email', label: words.emailNew, type: 'email', autocomplete: 'email', required: true, ...error })}
${button(words.emailSubmit, { kind: 'secondary' })}</form>
${email !== undefined && html`<form method="post" action="${SECURITY}/email" class="actions">${csrf}${button(words.emailRemove, { kind: 'danger' })}</form>`}`
}
