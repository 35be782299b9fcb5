/**
 * Changing the password: by the old one, guessed against the same budget as at the door. Every other session ends, and
 * this one gets a new secret.
 * @see OWASP ASVS 4.0, 2.1.5, 2.1.6 and 3.3.3
 */
import { redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import type { IdentityHouse } from '../house.ts'
import { hashPassword, isPassword } from '../passwords.ts'
import type { Session } from '../sessions.ts'
import { passwordBudgets } from '../throttle.ts'
import { securityPage } from './page.ts'
import { passwordFault } from './password-rule.ts'
import { SECURITY } from './path.ts'

const SECOND = 1000

export async function changePassword(
  house: IdentityHouse,
  request: HttpRequest,
  session: Session,
): Promise<HttpReply> {
  const { account } = session
  const { form } = request
  const again = (problem: Parameters<typeof securityPage>[3], status: number) =>
    securityPage(house, request, session, problem, status)
  if (account.passwordHash === undefined) return again({ kind: 'no-password' }, 400)
  const { remoteAddress: address } = request
  const device = house.devices.of(request, account.username)
  const budgets = passwordBudgets(account.username, { address, device }, house.now())
  const wait = await house.throttle.attempt(budgets, house.now())
  if (wait > 0) return again({ kind: 'slow-down', seconds: Math.ceil(wait / SECOND) }, 429)
  if (!(await isPassword(form.get('current_password') ?? '', account.passwordHash)))
    return again({ kind: 'wrong-password' }, 400)
  await house.throttle.succeed(budgets)
  const password = form.get('new_password') ?? ''
  const rule = { username: account.username, isSandbox: house.sandbox !== undefined }
  const fault = passwordFault(password, rule)
  if (fault) return again({ kind: fault }, 400)
  const passwordHash = await hashPassword(password)
  await house.tell(request, account, 'password-changed')
  const proven = await house.credentials.changePassword(account, passwordHash, session.sessionId)
  // Somebody else changed it meanwhile, or disabled the account: the page asks who this is.
  if (!proven) return redirect(SECURITY)
  // The password alone is no second proof by all that the session was begun with.
  const { methods, authTime } = session
  const { cookies } = await house.running.begin(proven, methods, request, undefined, {
    ...(authTime !== undefined && { provenAt: authTime }),
  })
  return { ...redirect(`${SECURITY}?told=password`), cookies }
}
