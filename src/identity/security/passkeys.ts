/** Passkeys on `/account/security`: adding one, naming it, taking it away. */
import { accountChanged } from '../../audit/event.ts'
import { redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest, Route } from '../../http/route.ts'
import { chooseLocale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'
import type { IdentityHouse } from '../house.ts'
import { PASSKEYS } from '../passkeys/form.ts'
import { actorOf } from '../providers/deps.ts'
import type { Session } from '../sessions.ts'
import { afterRemoval, neededBy } from './needed.ts'
import { SECURITY } from './path.ts'
import { whenFresh } from './when-fresh.ts'

const LONGEST_NAME = 60

export function passkeyRoutes(house: IdentityHouse): Route[] {
  async function add(request: HttpRequest, { account, sessionId }: Session): Promise<HttpReply> {
    const response = request.form.get('credential') ?? ''
    if (!(await house.keys.register(account, `session ${sessionId}`, nameOf(request), response)))
      return redirect(`${SECURITY}?told=passkey-failed`)
    await house.tell(request, account, 'passkey-added')
    return redirect(`${SECURITY}?told=passkey-added`)
  }

  async function rename(request: HttpRequest, { account }: Session): Promise<HttpReply> {
    await house.passkeys.rename(account.id, request.form.get('passkey') ?? '', nameOf(request))
    return redirect(SECURITY)
  }

  async function remove(request: HttpRequest, { account }: Session): Promise<HttpReply> {
    const told = accountChanged(actorOf(request, account), 'passkey-removed')
    const id = request.form.get('passkey') ?? ''
    const needed = neededBy(account, house)
    const removal = await house.passkeys.remove(account.id, id, needed, told, house.now())
    if (removal === 'removed') await house.letKnow(account, 'passkey-removed')
    return afterRemoval(removal, 'passkey-removed')
  }

  return [
    { method: 'POST', path: PASSKEYS, handle: whenFresh(house, 'change', add) },
    { method: 'POST', path: `${PASSKEYS}/name`, handle: whenFresh(house, 'change', rename) },
    { method: 'POST', path: `${PASSKEYS}/remove`, handle: whenFresh(house, 'change', remove) },
  ]
}

function nameOf(request: HttpRequest): string {
  const typed = request.form.get('name')?.trim().slice(0, LONGEST_NAME)
  return typed || messages(chooseLocale(request)).security.passkeyUnnamed
}
