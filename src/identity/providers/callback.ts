/**
 * `/account/providers/<id>/callback`: the ordered steps by which somebody who comes back is signed in, or is not.
 * Nothing about the person is believed before the visit is known to be this browser's, and to this provider.
 */
import { signInFailed } from '../../audit/event.ts'
import { redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { chooseLocale } from '../../ui/locale.ts'
import { SESSION_LIFETIME } from '../durations.ts'
import { actorOf, type ProviderDeps } from './deps.ts'
import { linkIdentity } from './link-identity.ts'
import { welcomeNewcomer } from './newcomer.ts'
import type { Visit } from './ports.ts'
import { problemPage } from './problem-page.ts'
import type { Provider } from './provider.ts'
import { type Claims, readClaims } from './read-claims.ts'
import { type Answer, redeem } from './redeem.ts'
import { Refusal } from './refusal.ts'
import { browserSecretOf, hash } from './secrets.ts'
import { settleAccount } from './settle-account.ts'
import { loadProvider } from './sign-in.ts'
import { startVisit } from './start-visit.ts'

const SECOND = 1000
const LONGEST_ANSWER = 8 * 1024
/** How far clocks may be apart. */
const TOLERANCE = 30 * SECOND

/** Takes an answer of a provider. */
export async function comeBack(deps: ProviderDeps, request: HttpRequest): Promise<HttpReply> {
  const provider = loadProvider(deps, request)
  const taken = await takeVisit(deps, request, provider)
  if (!taken) return lost(deps, request, provider)
  const { visit, answer } = taken
  try {
    const cameBackAt = deps.now()
    const claims = await redeem(deps, provider, visit, answer)
    if (isOverdue(claims, visit)) return await askAnew(deps, provider, visit, request)
    const person = readClaims(claims, provider, proofOf(provider, claims, visit.startedAt, cameBackAt))
    if (visit.linkTo) return await linkIdentity(deps, provider, person, visit.linkTo, request)
    const account = await settleAccount(deps, provider, person, request)
    if (!account) return await welcomeNewcomer(deps, provider, person, visit, answer.browserSecret)
    const { methods, provider: session } = person.proof
    const { returnTo, secondFactor } = visit
    const proven = { account, methods, provider: session, returnTo, secondFactor }
    return await deps.completeSignIn(proven, request)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return refuse(deps, request, provider, visit, error)
  }
}

/** The visit of this state, once, in the browser it began in and at the provider it went to. @see RFC 9700 §4.4.2, §4.7 */
async function takeVisit(
  deps: ProviderDeps,
  request: HttpRequest,
  provider: Provider,
): Promise<{ visit: Visit; answer: Answer } | undefined> {
  const { search } = request
  const [state, ...more] = request.query.all('state')
  const browserSecret = browserSecretOf(request)
  if (!state || more.length > 0 || !browserSecret || search.length > LONGEST_ANSWER) return undefined
  const visit = await deps.visits.take(hash(state), hash(browserSecret), deps.now())
  return visit?.provider === provider.id ? { visit, answer: { search, state, browserSecret } } : undefined
}

/** Whether the person signed in there longer ago than was asked for: longer than a session may last. */
function isOverdue({ auth_time }: Claims, { again, startedAt }: Visit): boolean {
  if (again || typeof auth_time !== 'number') return false
  return auth_time * SECOND < startedAt - SESSION_LIFETIME - TOLERANCE
}

/** Back to the provider, which is to ask them this time. @see OpenID Connect Core 1.0 §3.1.3.7 */
async function askAnew(
  deps: ProviderDeps,
  provider: Provider,
  { returnTo, secondFactor }: Visit,
  request: HttpRequest,
): Promise<HttpReply> {
  const errand = { returnTo, secondFactor, again: true, uiLocales: chooseLocale(request) }
  const { url, cookies } = await startVisit(deps, provider, request, errand)
  return { ...redirect(url.href), cookies }
}

/**
 * When and where the person proved who they are, which was before they came back, whatever the clock there says. Where the
 * provider does not say when, it may be as long ago as it was asked to allow: that is no proof of just now.
 */
function proofOf(
  { issuer }: Provider,
  { auth_time, sid, sub: subject }: Claims & { readonly sub: string },
  sentAt: number,
  cameBackAt: number,
) {
  const authenticatedAt =
    typeof auth_time === 'number'
      ? Math.min(Math.floor(auth_time * SECOND), cameBackAt)
      : cameBackAt - SESSION_LIFETIME
  const isName = typeof sid === 'string' && sid !== '' && sid.length <= 255
  return { methods: [], provider: { issuer, subject, authenticatedAt, sentAt, ...(isName && { sid }) } }
}

function lost(deps: ProviderDeps, request: HttpRequest, { id: provider }: Provider): HttpReply {
  deps.log.warn({ provider, id: request.id }, 'an answer of a provider belongs to no sign-in of this browser')
  return problemPage(request, 'lost', { returnTo: deps.home, isLinking: false })
}

async function refuse(
  deps: ProviderDeps,
  request: HttpRequest,
  { id: provider }: Provider,
  { returnTo, linkTo }: Visit,
  { kind, detail }: Refusal,
): Promise<HttpReply> {
  deps.log.warn({ provider, kind, detail, id: request.id }, 'a sign-in at a provider was refused')
  await deps.trail.record(
    signInFailed(actorOf(request), `identity provider ${provider}`, '', `${kind}: ${detail}`),
  )
  return problemPage(request, kind, { returnTo, isLinking: linkTo !== undefined })
}
