/**
 * The e-mail address of an account, on `/account/security`: it counts once a link that was sent there was opened by the
 * person who is signed in.
 */
import { createHash } from 'node:crypto'
import { accountChanged } from '../../audit/event.ts'
import { type Html, html } from '../../http/html.ts'
import { page, redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest, Route } from '../../http/route.ts'
import { chooseLocale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'
import { renderPage } from '../../ui/page.ts'
import { button, card, linkButton, notice } from '../../ui/parts.ts'
import type { Ticket } from '../credential-ports.ts'
import type { IdentityHouse } from '../house.ts'
import { actorOf } from '../providers/deps.ts'
import type { Session } from '../sessions.ts'
import { securityPage } from './page.ts'
import { SECURITY } from './path.ts'
import { whenFresh } from './when-fresh.ts'

/** Where the link of a letter leads that asks whether an address is the account's. */
export const CONFIRM_EMAIL = `${SECURITY}/email/confirm`
const LONGEST_ADDRESS = 254
/** One recipient and nothing that a mail server or a header could read as anything else. */
const ADDRESS = /^[a-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,63}$/
/** A person may have letters sent, an inbox may not be flooded. */
const LETTERS = 3

/** An address as it is kept; nothing when it is none. */
export function parseEmail(typed: string): string | undefined {
  const address = typed.normalize('NFKC').trim().toLowerCase()
  return address.length <= LONGEST_ADDRESS && ADDRESS.test(address) && !address.includes('..')
    ? address
    : undefined
}

export function emailRoutes(house: IdentityHouse): Route[] {
  async function ask(request: HttpRequest, session: Session): Promise<HttpReply> {
    const { account } = session
    const typed = request.form.get('email')
    if (!house.mail || (typed === undefined && account.email === undefined)) return redirect(SECURITY)
    if (typed === undefined) return change(house, request, session, undefined)
    const to = parseEmail(typed)
    if (to === undefined) return securityPage(house, request, session, { kind: 'no-address' }, 400)
    const budget = { of: `address letters\n${account.id}`, free: LETTERS }
    if ((await house.throttle.attempt([budget], house.now())) > 0)
      return redirect(`${SECURITY}?told=too-many-letters`)
    await house.mail.post({ kind: 'address', to, accountId: account.id, locale: chooseLocale(request) })
    return redirect(`${SECURITY}?told=email-sent`)
  }

  async function show(request: HttpRequest, { account }: Session): Promise<HttpReply> {
    const token = request.query.get('token') ?? ''
    const ticket = await house.tickets.find('address', hash(token), house.now())
    const { html: csrf, cookies } = house.csrf.field(request)
    const to = ticket?.accountId === account.id ? addressOf(ticket) : undefined
    return { ...page(to === undefined ? 404 : 200, confirmPage(request, csrf, token, to)), cookies }
  }

  async function confirm(request: HttpRequest, session: Session): Promise<HttpReply> {
    const key = hash(request.form.get('token') ?? '')
    const found = await house.tickets.find('address', key, house.now())
    // Somebody else's link stays theirs.
    const mine = found?.accountId === session.account.id
    const ticket = mine ? await house.tickets.take('address', key, house.now()) : undefined
    return ticket
      ? change(house, request, session, addressOf(ticket))
      : redirect(`${SECURITY}?told=link-expired`)
  }

  return [
    { method: 'POST', path: `${SECURITY}/email`, handle: whenFresh(house, 'change', ask) },
    { method: 'GET', path: CONFIRM_EMAIL, handle: whenFresh(house, 'show', show) },
    { method: 'POST', path: CONFIRM_EMAIL, handle: whenFresh(house, 'change', confirm) },
  ]
}

async function change(
  house: IdentityHouse,
  request: HttpRequest,
  { account }: Session,
  email: string | undefined,
): Promise<HttpReply> {
  const told = accountChanged(actorOf(request, account), 'email-changed')
  // The page asks who this is.
  if (!(await house.credentials.setEmail(account, email, told, house.now()))) return redirect(SECURITY)
  // The old address is the one that is told.
  await house.letKnow(account, 'email-changed')
  return redirect(`${SECURITY}?told=${email === undefined ? 'email-removed' : 'email-confirmed'}`)
}

function addressOf({ data }: Ticket): string {
  return (JSON.parse(data) as { to: string }).to
}

function confirmPage(request: HttpRequest, csrf: Html, token: string, to: string | undefined): Html {
  const locale = chooseLocale(request)
  const { security: words, frame } = messages(locale)
  const form = html`<p>${words.emailConfirmLead(to ?? '')}</p>
<form method="post" action="${CONFIRM_EMAIL}" class="actions">${csrf}<input type="hidden" name="token" value="${token}">
${button(words.emailConfirm)}${linkButton(SECURITY, frame.cancel)}</form>`
  const gone = html`${notice('danger', words.told['link-expired'])}<p class="actions">${linkButton(SECURITY, words.title)}</p>`
  const body = card(html`<h1>${words.emailTitle}</h1>${to === undefined ? gone : form}`)
  return renderPage({ locale, title: words.emailTitle, body, width: 'narrow' })
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
