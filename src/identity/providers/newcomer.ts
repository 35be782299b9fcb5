/** Somebody whom a provider knows and nobody here does yet: a page asks for the activation code that lets them in. */
import { redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { ACTIVATE_PAGE } from './addresses.ts'
import { type ProviderDeps, providerOf } from './deps.ts'
import type { Person } from './identity.ts'
import type { Newcomer, Visit } from './ports.ts'
import type { Provider } from './provider.ts'
import { Refusal } from './refusal.ts'
import { browserCookie, browserSecretOf, NEWCOMER_LIFETIME, newcomerHash } from './secrets.ts'

/** Remembers a patient who came back from a provider, in this browser, and asks for the code. */
export async function welcomeNewcomer(
  deps: ProviderDeps,
  provider: Provider,
  person: Person,
  { returnTo, secondFactor }: Visit,
  browserSecret: string,
): Promise<HttpReply> {
  if (!person.roles.includes('patient')) throw new Refusal('unknown', 'the identity is not linked')
  const newcomer: Newcomer = {
    hash: newcomerHash(browserSecret),
    provider: provider.id,
    person,
    returnTo,
    secondFactor,
    expiresAt: deps.now() + NEWCOMER_LIFETIME,
  }
  await deps.visits.keepNewcomer(newcomer)
  return { ...redirect(ACTIVATE_PAGE), cookies: [browserCookie(browserSecret)] }
}

/** The newcomer of this browser, with their provider as it is configured now. */
export async function newcomerOf(
  deps: ProviderDeps,
  request: HttpRequest,
): Promise<{ newcomer: Newcomer; provider: Provider } | undefined> {
  const browserSecret = browserSecretOf(request)
  const newcomer =
    browserSecret === undefined
      ? undefined
      : await deps.visits.findNewcomer(newcomerHash(browserSecret), deps.now())
  const provider = providerOf(deps, newcomer?.provider)
  const isOpen =
    provider !== undefined && provider.firstSignIn !== 'refuse' && provider.roles.includes('patient')
  return newcomer && isOpen ? { newcomer, provider } : undefined
}
