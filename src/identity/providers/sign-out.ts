/**
 * After signing out here: signing out at the provider as well, which the person chooses. No ID token is kept for it, so
 * the provider asks once more before it ends anything. @see docs/adr/0027, OpenID Connect RP-Initiated Logout 1.0 §2
 */
import { type Html, html } from '../../http/html.ts'
import { redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { chooseLocale, type Locale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'
import { linkButton } from '../../ui/parts.ts'
import { pathOf } from './addresses.ts'
import { type ProviderDeps, type ProviderOptions, providerOf } from './deps.ts'
import { loadOpenid } from './libraries.ts'
import { problemPage } from './problem-page.ts'
import { Refusal } from './refusal.ts'
import { loadProvider } from './sign-in.ts'

const FAREWELL = '/account/sign-out'

/** The offer on the farewell page; nothing when the session did not begin at a provider that wants it. */
export function signOutOffer(
  options: Pick<ProviderOptions, 'list'> | undefined,
  id: string | undefined,
  locale: Locale,
): Html | undefined {
  const provider = options && providerOf(options, id)
  if (!provider?.signOutThere) return undefined
  const words = messages(locale).providers.signedOut
  const name = provider.name[locale]
  return html`<p>${words.lead(name)}</p><p class="actions">${linkButton(pathOf(provider, 'sign-out'), words.submit(name))}</p>`
}

/** Sends the browser to sign out at the provider, and from there back to the farewell. */
export async function signOutThere(deps: ProviderDeps, request: HttpRequest): Promise<HttpReply> {
  const provider = loadProvider(deps, request)
  try {
    const { settings } = await deps.connections.to(provider)
    if (settings.serverMetadata().end_session_endpoint === undefined) return redirect(FAREWELL)
    const { buildEndSessionUrl } = await loadOpenid()
    const url = buildEndSessionUrl(settings, {
      post_logout_redirect_uri: `${deps.baseUrl}${FAREWELL}`,
      ui_locales: chooseLocale(request),
    })
    return redirect(url.href)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    deps.log.warn(
      { provider: provider.id, detail: error.detail, id: request.id },
      'a provider does not answer',
    )
    return problemPage(request, error.kind, { returnTo: deps.home, isLinking: false })
  }
}
