/**
 * The UserInfo endpoint: who the user is, as far as the access token's own scopes tell. CTX-51; OIDC Core §5.3, RFC 6750 §2, §3.
 * The token stands in the header or, of a POST, in the form; never in the address (RFC-18).
 */
import { json } from '../http/reply.ts'
import type { HttpReply, HttpRequest, Route } from '../http/route.ts'
import { checkKey, nonceHeader } from './dpop/check-binding.ts'
import { type ProofDeps, proofAlgorithms } from './dpop/proof.ts'
import { OAuthError } from './errors.ts'
import type { GrantRecord, UserGrant } from './grant.ts'
import type { LoadGrant } from './introspect/token-state.ts'
import type { Signer } from './jwt.ts'
import type { ClientStore, SignIn } from './ports.ts'
import { neverStored, tokenFailure } from './token/form.ts'
import { namesIn, personClaims } from './token/person-claims.ts'
import type { VerifiedToken, VerifyAccessToken } from './verify.ts'

const BODY_BYTES = 256 * 1024

export interface UserinfoDeps {
  readonly baseUrl: string
  readonly fhirBase: string
  /** The apps as they are on record: what one has asked for holds also while its document cannot be had. */
  readonly clients: Pick<ClientStore, 'find'>
  readonly loadGrant: LoadGrant
  readonly verifyBoundToken: VerifyAccessToken
  readonly proofs: ProofDeps
  readonly signIn: Pick<SignIn, 'isUserActive'>
  readonly signUserinfo: Signer
}

/** The endpoint. */
export function userinfoRoute(deps: UserinfoDeps): Route {
  return {
    method: ['GET', 'POST'],
    path: '/oauth/userinfo',
    cors: 'registered',
    bodyLimit: BODY_BYTES,
    handle: (request) => userinfo(request, deps),
    failure: tokenFailure,
  }
}

async function userinfo(request: HttpRequest, deps: UserinfoDeps): Promise<HttpReply> {
  try {
    return await tell(await loadToken(request, deps), deps)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    return error.message.startsWith('proof') ? proofRefusal(error, deps) : refusal(error)
  }
}

/** The token of the request: a bearer token, or a bound one with a proof of its key (RFC 9449 §7). */
async function loadToken(request: HttpRequest, deps: UserinfoDeps): Promise<VerifiedToken> {
  const bound = /^DPoP +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1]
  const verified = await deps.verifyBoundToken(bound ?? readToken(request))
  if (!verified) throw new OAuthError('bearerInvalid')
  if (bound === undefined && verified.jkt !== undefined) throw new OAuthError('proofNeeded')
  if (bound !== undefined && verified.jkt === undefined) throw new OAuthError('bearerUnbound')
  if (bound !== undefined && (await checkKey(request, deps, bound)) !== verified.jkt) {
    throw new OAuthError('proofOtherKey')
  }
  return verified
}

/** The one token of the request. */
function readToken(request: HttpRequest): string {
  const { authorization } = request.headers
  const inForm = request.method === 'POST' ? request.form.all('access_token') : []
  if (inForm.length > 1 || (authorization !== undefined && inForm.length > 0))
    throw new OAuthError('bearerTwice')
  const token = authorization === undefined ? inForm[0] : /^Bearer +(\S+) *$/i.exec(authorization)?.[1]
  if (authorization !== undefined && token === undefined) throw new OAuthError('bearerMalformed')
  if (!token) throw new OAuthError('bearerMissing')
  return token
}

async function tell({ claims, scopes, clientId }: VerifiedToken, deps: UserinfoDeps): Promise<HttpReply> {
  const names = namesIn(scopes)
  if (!names.has('openid')) throw new OAuthError('bearerScope')
  const [grant, client] = await Promise.all([deps.loadGrant(claims.grant), deps.clients.find(clientId)])
  // What acts for itself has no person behind it.
  if (!isOfUser(grant)) throw new OAuthError('bearerScope')
  if (!(await deps.signIn.isUserActive(grant.userId))) throw new OAuthError('bearerInvalid')
  const told = { sub: claims.sub, ...personClaims(grant, names, deps.fhirBase) }
  if (client?.userinfoSignedResponseAlg === undefined) return json(200, told, neverStored)
  const body = await deps.signUserinfo({ iss: deps.baseUrl, aud: clientId, ...told })
  return { status: 200, headers: { 'content-type': 'application/jwt', ...neverStored }, body }
}

function isOfUser(grant: GrantRecord | undefined): grant is UserGrant {
  return grant?.userId !== undefined
}

function proofRefusal(error: OAuthError, deps: UserinfoDeps): HttpReply {
  const { error: code } = error.kind
  const challenge = `DPoP realm="userinfo", error="${code}", algs="${proofAlgorithms.join(' ')}"`
  const headers = nonceHeader(error.message === 'proofNonce', deps)
  const body = { error: code, error_description: error.text }
  return json(401, body, { ...neverStored, ...headers, 'www-authenticate': challenge })
}

function refusal({ message: name, kind: { error, status }, text }: OAuthError): HttpReply {
  const realm = 'Bearer realm="userinfo"'
  // Without a token there is no error to name, only the way to come back. @see RFC 6750 §3.1
  if (name === 'bearerMissing') return json(status, {}, { ...neverStored, 'www-authenticate': realm })
  const scope = error === 'insufficient_scope' ? ', scope="openid"' : ''
  const challenge = `${realm}, error="${error}", error_description="${text}"${scope}`
  return json(status, { error, error_description: text }, { ...neverStored, 'www-authenticate': challenge })
}
