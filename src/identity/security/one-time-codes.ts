/** One-time codes on `/account/security`: turning them on by a first code, off, and making new recovery codes. */
import { accountChanged } from '../../audit/event.ts'
import { page, redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest, Route } from '../../http/route.ts'
import { chooseLocale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'
import type { IdentityHouse } from '../house.ts'
import { actorOf } from '../providers/deps.ts'
import { factorsOf } from '../second-factor/factors.ts'
import { hashRecoveryCode, makeRecoveryCodes } from '../second-factor/recovery-codes.ts'
import { renderRecoveryCodes, renderSetUp } from '../second-factor/set-up-page.ts'
import type { Session } from '../sessions.ts'
import { afterRemoval, neededBy } from './needed.ts'
import { SECURITY } from './path.ts'
import { whenFresh } from './when-fresh.ts'

const CODES = `${SECURITY}/codes`

export function codeRoutes(house: IdentityHouse): Route[] {
  async function offer(request: HttpRequest, { account }: Session): Promise<HttpReply> {
    const { codes } = await factorsOf(account.id, house)
    return codes ? redirect(SECURITY) : setUp(house, request, account, 200)
  }

  async function turnOn(request: HttpRequest, { account }: Session): Promise<HttpReply> {
    const offered = await house.codes.reopen(account, request.form.get('offer') ?? '')
    if (!offered) return setUp(house, request, account, 400, 'expired')
    const recovery = await house.codes.enrol(account, offered, request.form.get('code') ?? '')
    if (!recovery) return setUp(house, request, account, 400, 'wrong')
    await house.tell(request, account, 'second-factor-added')
    return shown(request, recovery)
  }

  async function turnOff(request: HttpRequest, { account }: Session): Promise<HttpReply> {
    const told = accountChanged(actorOf(request, account), 'second-factor-removed')
    const needed = neededBy(account, house)
    const removal = await house.credentials.removeOneTimeCodes(account.id, needed, told, house.now())
    if (removal === 'removed') await house.letKnow(account, 'second-factor-removed')
    return afterRemoval(removal, 'codes-off')
  }

  async function renew(request: HttpRequest, { account }: Session): Promise<HttpReply> {
    const { codes, passkeys } = await factorsOf(account.id, house)
    if (!codes && passkeys === 0) return redirect(SECURITY)
    const recovery = makeRecoveryCodes()
    const hashes = recovery.map((code) => hashRecoveryCode(account.id, code))
    const told = accountChanged(actorOf(request, account), 'recovery-codes-made')
    const isDone = await house.credentials.setRecoveryCodes(account, hashes, told, house.now())
    if (!isDone) return redirect(SECURITY)
    await house.letKnow(account, 'recovery-codes-made')
    return shown(request, recovery)
  }

  return [
    { method: 'GET', path: CODES, handle: whenFresh(house, 'show', offer) },
    { method: 'POST', path: CODES, handle: whenFresh(house, 'change', turnOn) },
    { method: 'POST', path: `${CODES}/off`, handle: whenFresh(house, 'change', turnOff) },
    { method: 'POST', path: `${CODES}/recovery`, handle: whenFresh(house, 'change', renew) },
  ]
}

async function setUp(
  house: IdentityHouse,
  request: HttpRequest,
  account: Session['account'],
  status: number,
  problem?: 'wrong' | 'expired',
): Promise<HttpReply> {
  const { html: csrf, cookies } = house.csrf.field(request)
  const brought = request.form.get('offer')
  const offer =
    (brought === undefined ? undefined : await house.codes.reopen(account, brought)) ??
    (await house.codes.offer(account))
  const view = { locale: chooseLocale(request), csrf, offer, action: CODES }
  return { ...page(status, await renderSetUp({ ...view, ...(problem && { problem }) })), cookies }
}

function shown(request: HttpRequest, recovery: readonly string[]): HttpReply {
  const locale = chooseLocale(request)
  const next = { href: SECURITY, label: messages(locale).frame.continue }
  return page(200, renderRecoveryCodes(locale, recovery, next))
}
