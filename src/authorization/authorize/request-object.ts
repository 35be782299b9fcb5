// A request whose parameters the app has signed: by its registered key, for this server, for a short while, and for nothing else.
// RFC 9101 §4, §6, §10.2 to §10.8; OIDC Core §6.1; RFC 8725 §3.1, §3.8, §3.9, §3.11.
import type { JWTPayload, ProtectedHeaderParameters } from 'jose'
import type { Client } from '../client.ts'
import { clientAlgorithms, isSameAlgorithm, keyKindOf } from '../client-keys/algorithms.ts'
import type { ClientKeys } from '../client-keys/index.ts'
import { OAuthError } from '../errors.ts'
import { loadJose } from '../jose.ts'

const SECOND = 1000
const skewSeconds = 60
const longestLifeSeconds = 60 * 60
const longestObject = 64 * 1024

const types = new Set([undefined, 'jwt', 'oauth-authz-req+jwt', 'application/oauth-authz-req+jwt'])
/** What is said about the object itself, and no parameter. */
const ownClaims = new Set(['iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sub'])

export interface RequestObjectDeps {
  /** The issuer. */
  readonly baseUrl: string
  readonly fhirBase: string
  readonly clientKeys: ClientKeys
  readonly now: () => number
}

/** The parameters that a request object of this app holds, form-encoded. */
export async function readRequestObject(
  object: string,
  client: Client,
  deps: RequestObjectDeps,
): Promise<string> {
  if (object.length > longestObject) throw noJwt('too long')
  const claims = await verify(object, client, deps)
  // Without this, an assertion by which the app authenticates could be passed off as its request (RFC 9101 §10.8).
  if (claims.sub !== undefined) throw refusal('The request object has a claim sub.')
  if (claims.client_id !== client.id) {
    throw refusal('The claim client_id of the request object has to be the one of the request.')
  }
  if (claims.request !== undefined || claims.request_uri !== undefined) {
    throw refusal('A request object holds neither request nor request_uri.')
  }
  checkTimes(claims, deps.now() / SECOND)
  return parametersOf(claims, deps)
}

/** What the library does not look at. */
function checkTimes({ exp = Number.POSITIVE_INFINITY, iat = 0 }: JWTPayload, now: number): void {
  if (exp > now + longestLifeSeconds + skewSeconds) {
    throw refusal('The claim exp of the request object has to be within an hour.')
  }
  if (iat > now + skewSeconds) throw refusal('In the request object iat is in the future.')
}

async function verify(object: string, client: Client, deps: RequestObjectDeps): Promise<JWTPayload> {
  const { decodeProtectedHeader, jwtVerify } = await loadJose()
  try {
    const { alg, kid } = readHeader(decodeProtectedHeader(object), client)
    const key = await deps.clientKeys.find(client, { alg, kid })
    if (!key) throw refusal(unsigned, 'kid')
    const { payload } = await jwtVerify(object, key, {
      algorithms: [alg],
      issuer: client.id,
      audience: deps.baseUrl,
      requiredClaims: ['exp'],
      clockTolerance: skewSeconds,
      currentDate: new Date(deps.now()),
    })
    return payload
  } catch (error) {
    if (error instanceof OAuthError) throw error
    throw await refusalOf(error, deps)
  }
}

function readHeader(
  { alg, kid, typ, crit }: ProtectedHeaderParameters,
  client: Client,
): { readonly alg: string; readonly kid: string } {
  const { requestObjectAlg: registered } = client
  // RFC 7515 §4.1.11: what has to be understood is refused where nothing of the kind is.
  if (crit !== undefined) throw header('nothing that crit could name is understood')
  if (alg === undefined || keyKindOf(alg) === undefined)
    throw header(`alg has to be one of ${clientAlgorithms.join(', ')}`)
  if (registered !== undefined && !isSameAlgorithm(registered, alg))
    throw header(`alg has to be ${registered}, which the app registered`)
  if (!types.has(typ?.toLowerCase())) throw header('typ has to be oauth-authz-req+jwt or JWT')
  if (kid === undefined) throw header('kid is missing: it names the key')
  return { alg, kid }
}

const unsigned = 'The request object is not signed with the key of this app that its kid names.'

/** What the library found wrong, in words that name what to change. */
async function refusalOf(error: unknown, { baseUrl }: RequestObjectDeps): Promise<OAuthError> {
  const { errors } = await loadJose()
  const detail = error instanceof Error ? error.message : 'unreadable'
  if (error instanceof errors.JWTExpired) return refusal('In the request object exp is over.', detail)
  if (error instanceof errors.JWSSignatureVerificationFailed) return refusal(unsigned, detail)
  if (!(error instanceof errors.JWTClaimValidationFailed)) return noJwt(detail)
  const { claim, reason } = error
  if (claim === 'iss') return refusal('In the request object iss has to be the client_id.', detail)
  if (claim === 'aud') return refusal(`In the request object aud has to be, or to hold, ${baseUrl}.`, detail)
  if (claim === 'nbf' && reason === 'check_failed')
    return refusal('In the request object nbf is in the future.', detail)
  const what = reason === 'missing' ? `${claim} is missing: it` : claim
  return refusal(`In the request object ${what} has to be a time in seconds since 1970.`, detail)
}

function refusal(text: string, detail?: string): OAuthError {
  return new OAuthError('requestObject', { text, ...(detail !== undefined && { detail }) })
}

function header(what: string): OAuthError {
  return refusal(`In the header of the request object ${what}.`)
}

function noJwt(detail: string): OAuthError {
  return refusal('The request object has to be one signed JWT in compact form, of 64 kB at most.', detail)
}

/** The audience of the object is this server; the FHIR server stands in `resource`, or beside it in `aud`. */
function parametersOf(claims: JWTPayload, { fhirBase }: RequestObjectDeps): string {
  const pairs = Object.entries(claims)
    .filter(([name]) => !ownClaims.has(name))
    .map(([name, value]): [string, string] => [name, textOf(value)])
  const isForFhir = Array.isArray(claims.aud) && claims.aud.includes(fhirBase)
  if (isForFhir) pairs.push(['aud', fhirBase])
  return new URLSearchParams(pairs).toString()
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
