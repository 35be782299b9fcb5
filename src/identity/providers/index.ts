/** Signing in at other organisations, by OpenID Connect: the routes of all providers. See `docs/guides/identity-providers.md`. */
import { activateRoutes } from './activate.ts'
import { OWN_PAGE } from './addresses.ts'
import { logOutFromBehind } from './backchannel-logout.ts'
import { REQUEST_LIMIT } from './bounded-fetch.ts'
import { comeBack } from './callback.ts'
import { createConnections } from './connect.ts'
import type { ProviderDeps, ProviderRoutes } from './deps.ts'
import { ownPageRoutes } from './own-page.ts'
import { goToProvider } from './sign-in.ts'
import { signOutThere } from './sign-out.ts'

const LOGOUT_BODY_LIMIT = 32 * 1024

/** The routes. */
export const providerRoutes: ProviderRoutes = (given) => {
  const connections = createConnections({ now: given.now, limit: given.requestLimit ?? REQUEST_LIMIT })
  const deps: ProviderDeps = { ...given, connections }
  const at = (step: string) => `${OWN_PAGE}/:provider/${step}`
  return [
    { method: 'GET', path: at('sign-in'), handle: (request) => goToProvider(deps, request) },
    { method: 'GET', path: at('callback'), handle: (request) => comeBack(deps, request) },
    { method: 'GET', path: at('sign-out'), handle: (request) => signOutThere(deps, request) },
    {
      method: 'POST',
      path: at('backchannel-logout'),
      bodyLimit: LOGOUT_BODY_LIMIT,
      handle: (request) => logOutFromBehind(deps, request),
    },
    ...ownPageRoutes(deps),
    ...activateRoutes(deps),
  ]
}
