/** `/account/security`: how the account is signed in to, and every change of it. Each change needs a fresh proof. */
import type { Route } from '../../http/route.ts'
import type { IdentityHouse } from '../house.ts'
import { changePassword } from './change-password.ts'
import { emailRoutes } from './email.ts'
import { codeRoutes } from './one-time-codes.ts'
import { securityPage } from './page.ts'
import { passkeyRoutes } from './passkeys.ts'
import { SECURITY } from './path.ts'
import { whenFresh } from './when-fresh.ts'

export function securityRoutes(house: IdentityHouse): Route[] {
  return [
    {
      method: 'GET',
      path: SECURITY,
      handle: whenFresh(house, 'show', (request, session) => securityPage(house, request, session)),
    },
    {
      method: 'POST',
      path: `${SECURITY}/password`,
      handle: whenFresh(house, 'change', (request, session) => changePassword(house, request, session)),
    },
    ...codeRoutes(house),
    ...passkeyRoutes(house),
    ...emailRoutes(house),
  ]
}
