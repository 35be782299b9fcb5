/** Where everything about providers is. */
import type { Provider } from './provider.ts'

/** The page that lists the ways to sign in of an account. */
export const OWN_PAGE = '/account/providers'
/** The page for an activation code. */
export const ACTIVATE_PAGE = '/account/activate'

/** The address below the base URL of what a provider has of its own. */
export function pathOf({ id }: Pick<Provider, 'id'>, step: string): string {
  return `/account/providers/${id}/${step}`
}

/** The redirect URI of a provider: one for each, so that no answer of one passes for another's. @see RFC 9700 §4.4 */
export function callbackOf(baseUrl: string, provider: Provider): string {
  return `${baseUrl}${pathOf(provider, 'callback')}`
}
