// A software statement is believed when one of the configured issuers signed it; its claims then outweigh what the app says
// of itself. RFC 7591 §2.3, §3.1.1, §3.2.2; RFC 8725.
import type { JSONWebKeySet, JWTPayload } from 'jose'
import { OAuthError } from '../errors.ts'
import { loadJose } from '../jose.ts'
import type { Allowance } from './approval.ts'
import type { JsonObject } from './parse-metadata.ts'
import type { StatementIssuer } from './rules.ts'

const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]
const longest = 16_000
const unsigned = 'The software_statement is not signed with a key of its issuer.'
const clockTolerance = 60

/** The public keys at an address; nothing when they cannot be had. */
export type KeysAt = (url: string) => Promise<JSONWebKeySet | undefined>

export interface StatementDeps {
  /** The issuer: a statement that names for whom it is has to name this server. */
  readonly baseUrl: string
  readonly issuers: readonly StatementIssuer[]
  readonly keysAt: KeysAt
  readonly now: () => number
}

/** A statement that is believed. */
export interface Statement {
  readonly text: string
  readonly issuer: StatementIssuer
  readonly claims: JsonObject
}

/** The statement of a registration, verified; nothing when it brings none. */
export async function checkStatement(value: unknown, deps: StatementDeps): Promise<Statement | undefined> {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string' || value.length > longest) throw new OAuthError('statement')
  const { iss } = await decode(value)
  const issuer = deps.issuers.find(({ issuer }) => issuer === iss)
  if (!issuer) throw new OAuthError('statementUnapproved')
  const keys = issuer.jwks ?? (issuer.jwksUri === undefined ? undefined : await deps.keysAt(issuer.jwksUri))
  if (!keys) throw new OAuthError('statementUnapproved', { detail: `no keys of ${issuer.issuer}` })
  const payload = await verify(value, keys, issuer.issuer, deps.now())
  checkAudience(payload, deps.baseUrl)
  return { text: value, issuer, claims: metadataClaims(payload) }
}

/** One that names nobody is for every server that believes its issuer. RFC 7519 §4.1.3. */
function checkAudience({ aud }: JWTPayload, baseUrl: string): void {
  const own = [baseUrl, `${baseUrl}/oauth/register`]
  if (aud === undefined || [aud].flat().some((one) => own.includes(one))) return
  throw refusal(`aud has to be absent, or to name one of ${own.join(', ')}`)
}

function refusal(what: string, detail?: string): OAuthError {
  const text = `In the software_statement ${what}.`
  return new OAuthError('statement', { text, ...(detail !== undefined && { detail }) })
}

/** What an earlier statement, verified when it came, says of its app. */
export async function claimsOfKept(text: string): Promise<JsonObject> {
  return metadataClaims(await decode(text))
}

/** Where people are sent, what they are shown, and by which keys the app is known. */
const vouchedMembers = [
  'redirect_uris',
  'initiate_login_uri',
  'post_logout_redirect_uris',
  'backchannel_logout_uri',
  'request_uris',
  'jwks',
  'jwks_uri',
  'client_name',
  'logo_uri',
  'client_uri',
  'policy_uri',
  'tos_uri',
] as const

/**
 * What the issuer's word is enough for, of an app that sent `sent` beside the statement. It is no secret, and whoever has it
 * could register with it: what of this the app says itself nobody has vouched for, and then the word is enough for nothing.
 */
export function allowanceOf({ issuer, claims }: Statement, sent: JsonObject): Allowance | undefined {
  const isUnvouched = vouchedMembers.some((member) => isSaid(sent, member) && !isSaid(claims, member))
  return isUnvouched || !hasKeysIfBackend(claims, { ...sent, ...claims }) ? undefined : issuer.approves
}

/**
 * Whether a change brings in what would have made the app wait if it had come with the statement. What the app has already
 * an administrator has seen, or this statement says: with another statement that is as new as the statement.
 */
export function isBeyondStatement(
  claims: JsonObject,
  { before, after }: { readonly before: JsonObject; readonly after: JsonObject },
  isSameStatement: boolean,
): boolean {
  const isOther = (member: string) => JSON.stringify(before[member]) !== JSON.stringify(after[member])
  const isNew = (member: string) => isOther(member) && !(isSameStatement && isSaid(before, member))
  return (
    vouchedMembers.some((member) => isSaid(after, member) && !isSaid(claims, member) && isNew(member)) ||
    (isOther('token_endpoint_auth_method') && !hasKeysIfBackend(claims, after))
  )
}

function isSaid(object: JsonObject, member: string): boolean {
  return (object[member] ?? undefined) !== undefined
}

/** Who acts for itself by nothing but its credentials is known by keys that the statement names, and by nothing else. */
function hasKeysIfBackend(claims: JsonObject, told: JsonObject): boolean {
  const { grant_types: types, token_endpoint_auth_method: method } = told
  const isBackend = Array.isArray(types) && types.includes('client_credentials')
  return (
    !isBackend || (method === 'private_key_jwt' && (isSaid(claims, 'jwks') || isSaid(claims, 'jwks_uri')))
  )
}

async function decode(text: string): Promise<JWTPayload> {
  const { decodeJwt } = await loadJose()
  try {
    return decodeJwt(text)
  } catch {
    throw new OAuthError('statement')
  }
}

async function verify(text: string, keys: JSONWebKeySet, issuer: string, now: number): Promise<JWTPayload> {
  const { createLocalJWKSet, errors, jwtVerify } = await loadJose()
  try {
    const options = { issuer, algorithms, clockTolerance, currentDate: new Date(now) }
    return (await jwtVerify(text, createLocalJWKSet(keys), options)).payload
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error
    if (error instanceof errors.JWTExpired) throw refusal('exp is over', error.message)
    if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf')
      throw refusal('nbf is in the future, or is no time in seconds', error.message)
    if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey)
      throw new OAuthError('statement', { text: unsigned, detail: error.message })
    throw new OAuthError('statement', { detail: error.message })
  }
}

const claimsOfJwt = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'])
/** What a statement may not say: it is about software, and these are of one registration. */
const ofRegistration = new Set([
  'client_id',
  'client_secret',
  'software_statement',
  'registration_access_token',
])

function metadataClaims(payload: JWTPayload): JsonObject {
  return Object.fromEntries(
    Object.entries(payload).filter(([name]) => !claimsOfJwt.has(name) && !ofRegistration.has(name)),
  )
}
