/**
 * `/account/providers/<id>/backchannel-logout`: the provider says that somebody has signed out there, and the sessions
 * that began with that sign-in end here, as do sign-ins that have not come to a session yet. Its word is a token of its
 * own, for us, recent, and taken once.
 * @see OpenID Connect Back-Channel Logout 1.0 §2.5 to §2.8
 */
import type { JWTPayload } from 'jose'
import { signedOut } from '../../audit/event.ts'
import { json } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { LONGEST_WAY_IN } from '../durations.ts'
import { ALGORITHMS } from './check-id-token.ts'
import { messageOf } from './connect.ts'
import { actorOf, type ProviderDeps } from './deps.ts'
import { loadJose } from './libraries.ts'
import type { LogoutOrder } from './ports.ts'
import type { Provider } from './provider.ts'
import { Refusal } from './refusal.ts'
import { loadProvider } from './sign-in.ts'

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const LONGEST = 16 * 1024
const LONGEST_NAME = 255
/** How old a token may be, in seconds; it is remembered for longer. */
const OLDEST = 300
const TOLERANCE = 30

/** Takes a logout token. */
export async function logOutFromBehind(deps: ProviderDeps, request: HttpRequest): Promise<HttpReply> {
  const provider = loadProvider(deps, request)
  try {
    const order = await checkLogoutToken(deps, request, provider)
    const told = (accountId: string) => signedOut({ ...actorOf(request), user: accountId })
    const ended = await deps.sessions.end(order, told, deps.now())
    if (ended === undefined) throw new Refusal('unverified', 'the logout token came before')
    return { status: 200, headers: { 'cache-control': 'no-store' } }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    deps.log.warn(
      { provider: provider.id, detail: error.detail, id: request.id },
      'a logout token was refused',
    )
    if (error.kind === 'down') return json(503, { error: 'temporarily_unavailable' }, { 'retry-after': '60' })
    return json(400, { error: 'invalid_request', error_description: 'logout_token cannot be verified' })
  }
}

async function checkLogoutToken(
  deps: ProviderDeps,
  request: HttpRequest,
  provider: Provider,
): Promise<LogoutOrder> {
  const [token = '', ...more] = request.form.all('logout_token')
  if (token === '' || more.length > 0 || token.length > LONGEST)
    throw new Refusal('unverified', 'one logout_token of 16 KiB at most is expected')
  const { keys } = await deps.connections.to(provider)
  const payload = await verify(token, provider, keys)
  const { sub, sid, jti, events } = payload
  const isOrder = typeof events === 'object' && events !== null && isObject((events as Members)[EVENT])
  if (!isOrder) throw new Refusal('unverified', 'the token is no logout token')
  // Else an ID token could be passed off as one.
  if (payload.nonce !== undefined) throw new Refusal('unverified', 'a logout token has no nonce')
  if (sub === undefined && sid === undefined) throw new Refusal('unverified', 'neither sub nor sid')
  return {
    issuer: provider.issuer,
    jti: checkName(jti),
    // Longer than it could come again, whatever its own end is.
    expiresAt: deps.now() + LONGEST_WAY_IN,
    ...(sub !== undefined && { subject: checkName(sub) }),
    ...(sid !== undefined && { sid: checkName(sid) }),
  }
}

type Keys = Awaited<ReturnType<ProviderDeps['connections']['to']>>['keys']

async function verify(token: string, provider: Provider, keys: Keys): Promise<JWTPayload> {
  const { errors, jwtVerify } = await loadJose()
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: provider.issuer,
      audience: provider.clientId,
      algorithms: ALGORITHMS,
      clockTolerance: TOLERANCE,
      maxTokenAge: OLDEST,
      requiredClaims: ['iat', 'exp', 'jti', 'events'],
    })
    // Older providers leave the type out; one that says something else means something else.
    const type = protectedHeader.typ?.toLowerCase().replace(/^application\//, '') ?? 'logout+jwt'
    if (!['logout+jwt', 'jwt'].includes(type)) throw new Refusal('unverified', `a token of type ${type}`)
    return payload
  } catch (error) {
    if (error instanceof Refusal) throw error
    const isOfToken = error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout)
    throw new Refusal(isOfToken ? 'unverified' : 'down', `logout token: ${messageOf(error)}`, error)
  }
}

type Members = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function checkName(value: unknown): string {
  if (typeof value !== 'string' || value === '' || value.length > LONGEST_NAME)
    throw new Refusal('unverified', 'jti, sub and sid are texts of 255 characters at most')
  return value
}
