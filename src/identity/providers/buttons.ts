/** The buttons of the sign-in page, one for each provider; they are links, so that they lead away without a script. */

import { type Html, html } from '../../http/html.ts'
import type { Locale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'
import type { Wanted } from '../second-factor/factors.ts'
import { pathOf } from './addresses.ts'
import type { Provider } from './provider.ts'

/** What is passed on with a press. */
export interface Passed {
  readonly locale: Locale
  readonly returnTo: string
  readonly username?: string | undefined
  /** Whether somebody who is signed in there must sign in again. */
  readonly again?: boolean
  /** Whether a second factor is wanted. */
  readonly secondFactor: Wanted
}

/** Nothing when there is no provider. */
export function providerButtons(providers: readonly Provider[], passed: Passed): Html | undefined {
  if (providers.length === 0) return undefined
  const words = messages(passed.locale).providers
  return html`<div class="providers"><p class="providers-or"><span>${words.or}</span></p>
${providers.map(
  (provider) =>
    html`<a class="button button-secondary button-wide" href="${startUrl(provider, passed)}">${words.signInAt(provider.name[passed.locale])}</a>`,
)}</div>`
}

function startUrl(provider: Provider, { returnTo, username, again, secondFactor }: Passed): string {
  const query = new URLSearchParams({ return_to: returnTo })
  if (username !== undefined && username !== '') query.set('login_hint', username)
  if (again) query.set('again', '1')
  if (secondFactor !== 'no') query.set('second_factor', secondFactor)
  return `${pathOf(provider, 'sign-in')}?${query}`
}
