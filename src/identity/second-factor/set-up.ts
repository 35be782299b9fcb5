/**
 * `/account/second-step/set-up`: enforces that who must have a second factor enrols one before the session begins. The
 * enrolment counts as the second factor of this sign-in.
 */
import { page, redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest, Route } from '../../http/route.ts'
import { chooseLocale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'
import type { IdentityHouse } from '../house.ts'
import { signInReply } from '../sign-in-frame.ts'
import { SECOND_STEP, SET_UP, stepUrl } from '../start-session.ts'
import { factorsOf } from './factors.ts'
import { nothingWaits } from './nothing-waits.ts'
import type { Pending } from './pending.ts'
import { renderRecoveryCodes, renderSetUp } from './set-up-page.ts'

export function setUpRoutes(house: IdentityHouse): Route[] {
  /** Who has a factor already gives that one: a password alone changes none. */
  async function waiting(request: HttpRequest): Promise<Pending | HttpReply> {
    const pending = await house.pending.of(request)
    if (!pending) return nothingWaits(house, request)
    const { codes, passkeys } = await factorsOf(pending.account.id, house)
    return codes || passkeys > 0
      ? redirect(stepUrl(SECOND_STEP, pending.returnTo, chooseLocale(request)))
      : pending
  }

  async function show(request: HttpRequest): Promise<HttpReply> {
    const pending = await waiting(request)
    return 'status' in pending ? pending : ask(house, request, pending, 200)
  }

  async function submit(request: HttpRequest): Promise<HttpReply> {
    const pending = await waiting(request)
    if ('status' in pending) return pending
    if (!house.csrf.check(request)) return ask(house, request, pending, 403, 'expired')
    const { account, methods, returnTo, provider } = pending
    const offer = await house.codes.reopen(account, request.form.get('offer') ?? '')
    if (!offer) return ask(house, request, pending, 400, 'expired')
    const recovery = await house.codes.enrol(account, offer, request.form.get('code') ?? '')
    if (!recovery) return ask(house, request, pending, 401, 'wrong')
    await house.tell(request, account, 'second-factor-added')
    if (!(await house.pending.take(pending))) return nothingWaits(house, request, returnTo)
    const all = [...methods, 'otp', 'mfa']
    const { cookies } = await house.start.startSession(account, all, request, provider)
    const locale = chooseLocale(request)
    const next = { href: returnTo, label: messages(locale).frame.continue }
    return {
      ...page(200, renderRecoveryCodes(locale, recovery, next)),
      cookies: [...cookies, house.pending.forgetCookie],
    }
  }

  return [
    { method: 'GET', path: SET_UP, handle: show },
    { method: 'POST', path: SET_UP, handle: submit },
  ]
}

async function ask(
  house: IdentityHouse,
  request: HttpRequest,
  { account, returnTo }: Pending,
  status: number,
  problem?: 'wrong' | 'expired',
): Promise<HttpReply> {
  const { html: csrf, cookies } = house.csrf.field(request)
  const brought = request.form.get('offer')
  const offer =
    (brought === undefined ? undefined : await house.codes.reopen(account, brought)) ??
    (await house.codes.offer(account))
  const view = { locale: chooseLocale(request), csrf, offer, action: SET_UP, returnTo }
  const html = await renderSetUp({ ...view, ...(problem && { problem }) })
  return signInReply(house.destinations, returnTo, { status, html, cookies })
}
