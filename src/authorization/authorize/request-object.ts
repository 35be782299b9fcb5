// A request whose parameters the app has signed: by its registered key, for this server, for a short while, and for nothing else.
// RFC 9101 §4, §6, §10.2 to §10.8; OIDC Core §6.1; RFC 8725 §3.1, §3.8, §3.9, §3.11.
import type { JWTPayload } from 'jose'
import type { Client } from '../client.ts'
import { keyKindOf } from '../client-keys/algorithms.ts'
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
  const claims = await verify(object, client, deps)
  // Without this, an assertion by which the app authenticates could be passed off as its request (RFC 9101 §10.8).
  if (claims.sub !== undefined) throw refusal('sub', 'The request object has a claim sub.')
  if (claims.client_id !== client.id) {
    throw refusal('client_id', 'The claim client_id of the request object has to be the one of the request.')
  }
  if (claims.request !== undefined || claims.request_uri !== undefined) {
    throw refusal('nested', 'A request object holds neither request nor request_uri.')
  }
  const now = deps.now() / SECOND
  if ((claims.exp ?? Number.POSITIVE_INFINITY) > now + longestLifeSeconds + skewSeconds) {
    throw refusal('exp', 'The claim exp of the request object has to be within an hour.')
  }
  return parametersOf(claims, deps)
}

async function verify(object: string, client: Client, deps: RequestObjectDeps): Promise<JWTPayload> {
  if (object.length > longestObject) throw refusal('too long')
  const { decodeProtectedHeader, jwtVerify } = await loadJose()
  try {
    const { alg = '', kid, typ } = decodeProtectedHeader(object)
    const allowed = client.requestObjectAlg === undefined || client.requestObjectAlg === alg
    if (!allowed || keyKindOf(alg) === undefined) throw refusal(`alg ${alg.slice(0, 20)}`)
    if (!types.has(typ?.toLowerCase())) throw refusal('typ')
    const key = kid === undefined ? undefined : await deps.clientKeys.find(client, { alg, kid })
    if (!key) throw refusal('kid')
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
    throw refusal(error instanceof Error ? error.message : 'unreadable')
  }
}

function refusal(detail: string, text?: string): OAuthError {
  return new OAuthError('requestObject', { detail, ...(text !== undefined && { text }) })
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
