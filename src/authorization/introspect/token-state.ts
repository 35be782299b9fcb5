// What a token is worth now, for a caller: everything the token response said, or that it is not active and nothing more. INTR-03 to INTR-10, RFC-21,
// AMB-44, AMB-47, annex C.3; RFC 7662 §2.2.
import { contextMembers } from '../../smart/context.ts'
import { parseGrant } from '../../smart/grant.ts'
import type { Scope } from '../../smart/scope.ts'
import type { AccessClaims, GrantRecord, UserGrant } from '../grant.ts'
import { createMemory } from '../memory.ts'
import type { FoundRefresh, GrantStore, SignIn } from '../ports.ts'
import { hashInOrder } from '../secrets.ts'
import type { TokenDeps } from '../token/deps.ts'
import { isNamedBy, namesIn } from '../token/person-claims.ts'
import { isRefreshable, mayRefresh, refreshExpiry } from '../token/refresh-life.ts'
import { withinRegistration } from '../token/within-registration.ts'
import type { VerifyAccessToken } from '../verify.ts'
import type { Caller } from './load-caller.ts'

export interface TokenStateDeps extends Pick<TokenDeps, 'lifetimes'> {
  readonly baseUrl: string
  readonly fhirBase: string
  readonly grants: GrantStore
  readonly signIn: Pick<SignIn, 'isSessionLive' | 'isUserActive'>
  readonly verifyBoundToken: VerifyAccessToken
  readonly loadGrant: LoadGrant
  readonly now: () => number
}

type Answer = Readonly<Record<string, unknown>>

/** What is answered, and, of a token that is good for something, which it is. */
export interface Described {
  readonly answer: Answer
  readonly about?: { readonly grant: string; readonly token?: string }
}

const inactive: Described = { answer: { active: false } }

/** The answer about a token. */
export async function describeToken(token: string, caller: Caller, deps: TokenStateDeps): Promise<Described> {
  const verified = await deps.verifyBoundToken(token)
  if (!verified) return describeRefresh(token, caller, deps)
  const { claims, scopes, clientId, user } = verified
  if (clientId !== caller.client.id && !caller.isResourceServer) return inactive
  // Whose account is disabled has no rights any more, here or at any other resource server.
  if (user !== undefined && !(await deps.signIn.isUserActive(user))) return inactive
  const grant = await deps.loadGrant(claims.grant)
  const answer = {
    active: true,
    token_type: claims.cnf === undefined ? 'Bearer' : 'DPoP',
    // Who is to let it in has to check the proof itself (RFC 9449 §6.2).
    ...(claims.cnf && { cnf: claims.cnf }),
    // As the token response had it, not only as the token has it (INTR-08).
    ...(grant && contextMembers(grant.context)),
    ...sharedOf(claims),
    ...personOf({ sub: claims.sub, fhirUser: grant?.fhirUser }, scopes, caller, deps.fhirBase),
  }
  return { answer, about: { grant: claims.grant, token: claims.jti } }
}

function sharedOf({ scope, client_id, iat, exp, aud, jti, iss }: AccessClaims): Answer {
  return { scope, client_id, iat, exp, aud, jti, iss }
}

interface Person {
  readonly sub: string
  readonly fhirUser: string | undefined
}

/** The app learns what its ID token told it; a resource server acts for us, and has to know for whom. */
function personOf(
  { sub, fhirUser }: Person,
  scopes: readonly Scope[],
  { isResourceServer }: Caller,
  fhirBase: string,
): Answer {
  const names = namesIn(scopes)
  return {
    ...((names.has('openid') || isResourceServer) && { sub }),
    ...(fhirUser !== undefined &&
      (isNamedBy(names) || isResourceServer) && { fhirUser: `${fhirBase}/${fhirUser}` }),
  }
}

/** A refresh token is its own app's affair: a resource server that took one for an access token would be told that it is none. */
async function describeRefresh(token: string, caller: Caller, deps: TokenStateDeps): Promise<Described> {
  const found = await deps.grants.findRefresh(hashInOrder(token))
  if (!found || !(await isActive(found, caller, deps))) return inactive
  const { grant, token: refresh } = found
  // What it would give now.
  const scope = withinRegistration(grant.scope, caller.client)
  if (scope === undefined) return inactive
  const answer = {
    active: true,
    ...contextMembers(grant.context),
    scope,
    client_id: grant.clientId,
    iat: Math.floor(refresh.issuedAt / 1000),
    exp: Math.floor(refreshExpiry(grant, refresh, caller.client, deps) / 1000),
    iss: deps.baseUrl,
    ...personOf(personIn(grant), parseGrant(scope).scopes, caller, deps.fhirBase),
  }
  return { answer, about: { grant: grant.id } }
}

async function isActive(found: FoundRefresh, { client }: Caller, deps: TokenStateDeps): Promise<boolean> {
  const { grant, token, used, ended } = found
  if (grant.clientId !== client.id || used || ended) return false
  return mayRefresh(grant, client) && isRefreshable(grant, token, client, deps)
}

function personIn({ userId, fhirUser }: UserGrant): Person {
  return { sub: userId, fhirUser }
}

/** Finds what was granted; a grant never changes, so it is asked for once. */
export type LoadGrant = (id: string) => Promise<GrantRecord | undefined>

const remembered = 10_000
const MINUTE = 60_000
const kept = 10 * MINUTE

/** Grants over a store. */
export function createGrantReader(grants: Pick<GrantStore, 'findGrant'>, now: () => number): LoadGrant {
  const known = createMemory<GrantRecord>(remembered)
  return async (id) => {
    const found = known.get(id, now()) ?? (await grants.findGrant(id))
    if (found) known.set(id, found, now() + kept)
    return found
  }
}
