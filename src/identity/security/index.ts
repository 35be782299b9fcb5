/** `/account/security`: how the account is signed in to, and every change of it. Each change needs a fresh proof. */
import type { Route } from '../../http/route.ts'
import type { IdentityHouse } from '../house.ts'
import { emailRoutes } from './email.ts'
import { codeRoutes } from './one-time-codes.ts'
import { passkeyRoutes } from './passkeys.ts'
import { SECURITY } from './path.ts'
import { whenFresh } from './when-fresh.ts'

export function securityRoutes(house: IdentityHouse): Route[] {
  return [
    {
      method: 'GET',
      path: SECURITY,
      handle: whenFresh(house, 'show', async (request, session) =>
        (await import('./page.ts')).securityPage(house, request, session),
      ),
    },
    {
      method: 'POST',
      path: `${SECURITY}/password`,
      handle: whenFresh(house, 'change', async (request, session) =>
        (await import('./change-password.ts')).changePassword(house, request, session),
      ),
    },
    ...codeRoutes(house),
    ...passkeyRoutes(house),
    ...emailRoutes(house),
  ]
}
