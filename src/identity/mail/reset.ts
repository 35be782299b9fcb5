/**
 * `/account/reset`: a new password by a link that was mailed. Asking gets the same answer for every name; the link works
 * once, for half an hour; the new password ends every session, and signs nobody in: a second factor is asked for as ever.
 * @see OWASP Forgot Password Cheat Sheet; OWASP ASVS 4.0, 2.5.2 and 2.5.6
 */
import { createHash } from 'node:crypto'
import { page, redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest, Route } from '../../http/route.ts'
import { chooseLocale } from '../../ui/locale.ts'
import type { Account } from '../account.ts'
import type { IdentityHouse } from '../house.ts'
import { hashPassword } from '../passwords.ts'
import { passwordFault } from '../security/password-rule.ts'
import { ofNetwork } from '../throttle.ts'
import { RESET, RESET_PASSWORD } from './path.ts'
import { type AskProblem, type NewPasswordProblem, renderAsk, renderGone, renderNew } from './reset-page.ts'

const SECOND = 1000
const LONGEST_NAME = 254
/** Questions of one network before the first wait. */
const FREE_QUESTIONS = 10

export function resetRoutes(house: IdentityHouse): Route[] {
  async function submit(request: HttpRequest): Promise<HttpReply> {
    const typed = request.form.get('username')?.trim().slice(0, LONGEST_NAME)
    if (!house.mail) return redirect(RESET)
    if (!house.csrf.check(request)) return ask(house, request, 403, { kind: 'expired' })
    if (!typed) return ask(house, request, 400, { kind: 'missing' })
    const { id: requestId, remoteAddress: address } = request
    const budget = { of: ofNetwork('reset', address, house.now()), free: FREE_QUESTIONS }
    const wait = await house.throttle.attempt([budget], house.now())
    if (wait > 0) return ask(house, request, 429, { kind: 'slow-down', seconds: Math.ceil(wait / SECOND) })
    await house.audit.record({ action: 'reset-asked', requestId, address, name: typed.slice(0, 128) })
    await house.mail.post({ kind: 'reset', typed, locale: chooseLocale(request) })
    return redirect(`${RESET}?sent=1`)
  }

  async function show(request: HttpRequest): Promise<HttpReply> {
    const token = request.query.get('token') ?? ''
    const account = await holderOf(house, token)
    return account ? askNew(house, request, { account, token }, 200) : gone(request)
  }

  async function change(request: HttpRequest): Promise<HttpReply> {
    const token = request.form.get('token') ?? ''
    const account = await holderOf(house, token)
    if (!account) return gone(request)
    const place = { account, token }
    if (!house.csrf.check(request)) return askNew(house, request, place, 403, 'expired')
    const password = request.form.get('new_password') ?? ''
    const rule = { username: account.username, isSandbox: house.sandbox !== undefined }
    const fault = passwordFault(password, rule)
    if (fault) return askNew(house, request, place, 400, fault)
    const passwordHash = await hashPassword(password)
    await house.tell(request, account, 'password-reset')
    const ticket = { hash: hash(token), now: house.now() }
    if (!(await house.credentials.resetPassword(account.id, passwordHash, ticket))) return gone(request)
    return redirect('/account/sign-in?again=1&told=reset')
  }

  return [
    { method: 'GET', path: RESET, handle: (request) => ask(house, request, 200) },
    { method: 'POST', path: RESET, handle: submit },
    { method: 'GET', path: RESET_PASSWORD, handle: show },
    { method: 'POST', path: RESET_PASSWORD, handle: change },
  ]
}

/**
 * The account that a link is for; nothing when it was used, is too old, or lies in the box of another address than the
 * account's, and when the account may not sign in.
 */
async function holderOf(
  { tickets, accounts, now }: IdentityHouse,
  token: string,
): Promise<Account | undefined> {
  const ticket = await tickets.find('reset', hash(token), now())
  const account = ticket?.accountId === undefined ? undefined : await accounts.find(ticket.accountId)
  if (!ticket || !account || account.disabled) return undefined
  const { to } = JSON.parse(ticket.data) as { to?: string }
  return to !== undefined && to === account.email ? account : undefined
}

function ask(house: IdentityHouse, request: HttpRequest, status: number, problem?: AskProblem): HttpReply {
  const { html: csrf, cookies } = house.csrf.field(request)
  const sent = request.query.get('sent') !== undefined
  const view = { locale: chooseLocale(request), csrf, sent, isOn: house.mail !== undefined, problem }
  const reply = { ...page(status, renderAsk(view)), cookies }
  if (problem?.kind !== 'slow-down') return reply
  return { ...reply, headers: { ...reply.headers, 'retry-after': String(problem.seconds) } }
}

function askNew(
  house: IdentityHouse,
  request: HttpRequest,
  { account, token }: { account: Account; token: string },
  status: number,
  problem?: NewPasswordProblem,
): HttpReply {
  const { html: csrf, cookies } = house.csrf.field(request)
  const { username } = account
  const isSandbox = house.sandbox !== undefined
  const view = { locale: chooseLocale(request), csrf, token, username, isSandbox, problem }
  return { ...page(status, renderNew(view)), cookies }
}

function gone(request: HttpRequest): HttpReply {
  return page(404, renderGone(chooseLocale(request)))
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
