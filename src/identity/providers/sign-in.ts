/** `/account/providers/<id>/sign-in`: off to the provider, and a page instead when it does not answer. */

import { redirect } from '../../http/reply.ts'
import { RequestError } from '../../http/request-error.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { chooseLocale } from '../../ui/locale.ts'
import { destination } from '../return-to.ts'
import { parseWanted } from '../second-factor/factors.ts'
import { type ProviderDeps, providerOf } from './deps.ts'
import { problemPage } from './problem-page.ts'
import type { Provider } from './provider.ts'
import { Refusal } from './refusal.ts'
import { startVisit } from './start-visit.ts'

/** Starts a sign-in; a link leads here, which is harmless: whoever follows it is asked by the provider who they are. */
export async function goToProvider(deps: ProviderDeps, request: HttpRequest): Promise<HttpReply> {
  const provider = loadProvider(deps, request)
  const returnTo = destination(request.query.get('return_to'), deps.home)
  try {
    const { url, cookies } = await startVisit(deps, provider, request, {
      returnTo,
      again: request.query.get('again') !== undefined,
      secondFactor: parseWanted(request.query.get('second_factor')),
      loginHint: request.query.get('login_hint'),
      uiLocales: chooseLocale(request),
    })
    return { ...redirect(url.href), cookies }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    deps.log.warn(
      { provider: provider.id, detail: error.detail, id: request.id },
      'a provider does not answer',
    )
    return problemPage(request, error.kind, { returnTo, isLinking: false })
  }
}

/** The provider of the path; a 404 for any that is not configured. */
export function loadProvider(deps: ProviderDeps, request: HttpRequest): Provider {
  const provider = providerOf(deps, request.segments.provider)
  if (!provider) throw new RequestError(404, 'There is no such identity provider.')
  return provider
}
