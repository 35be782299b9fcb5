/**
 * Enforces that a request carries one valid access token in the Authorization header, and joins what the token grants
 * with what its user may do now (RSRC-01, RSRC-02, RSRC-09, RFC-17). A token is looked for nowhere else (RFC-18).
 */
import { isFhirId } from '../smart/ids.ts'
import { FhirError } from './outcomes.ts'
import type { Rights, TokenVerifier, UserRights, VerifiedToken } from './ports.ts'
import type { Caller } from './request.ts'

const bearer = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i

/** The caller behind an Authorization header; `realm` is named in the challenge of a refusal. */
export async function authenticate(
  authorization: string | undefined,
  verifier: TokenVerifier,
  rights: Rights,
  realm: string,
): Promise<Caller> {
  const token = await verifier.verify(parseBearer(authorization, realm))
  if (!token || !hasUsablePatient(token)) throw refusal('tokenInvalid', realm)
  const own = await loadRights(token, rights)
  if (!own) throw refusal('tokenInvalid', realm)
  return rememberedCaller(token, own)
}

const callers = new WeakMap<VerifiedToken, { readonly own: UserRights; readonly caller: Caller }>()

/** A verifier that gives the same value for the same token, and rights that did not change, make the same caller. */
function rememberedCaller(token: VerifiedToken, own: UserRights): Caller {
  const known = callers.get(token)
  if (known?.own === own) return known.caller
  const caller = callerOf(token, own)
  callers.set(token, { own, caller })
  return caller
}

/** A patient in context is a bare id; anything else is no patient, and such a token is none of ours. */
function hasUsablePatient({ patient }: VerifiedToken): boolean {
  return patient === undefined || isFhirId(patient)
}

function parseBearer(authorization: string | undefined, realm: string): string {
  const token = bearer.exec(authorization ?? '')?.[1]
  if (token !== undefined) return token
  const scheme = authorization?.trimStart().split(' ', 1)[0]?.toLowerCase()
  throw refusal(scheme === 'bearer' ? 'tokenMalformed' : 'tokenMissing', realm)
}

const errorCodes = {
  tokenMissing: '',
  tokenMalformed: 'invalid_request',
  tokenInvalid: 'invalid_token',
} as const

function refusal(error: keyof typeof errorCodes, realm: string): FhirError {
  const code = errorCodes[error]
  // Without a token there is no error to name, only the way to come back. @see RFC 6750 §3.1
  const challenge = `Bearer realm="${realm}"${code && `, error="${code}"`}`
  return new FhirError(error, { headers: { 'www-authenticate': challenge } })
}

/** Rights are asked for with every request; how long an answer may be believed is the port's own rule. */
function loadRights(token: VerifiedToken, rights: Rights): Promise<UserRights | undefined> {
  return token.user === undefined ? rights.ofClient(token.clientId) : rights.of(token.user)
}

function callerOf(token: VerifiedToken, own: UserRights): Caller {
  const scopes = token.scopes.filter((scope) => scope.kind === 'resource')
  const patient = token.patient !== undefined && { patient: token.patient }
  return {
    authority: { scopes, ...patient, rights: own.rights, withheld: own.withheld },
    clientId: token.clientId,
    tokenId: token.tokenId,
    grantId: token.grantId,
    ...patient,
    ...(token.user !== undefined && { user: token.user }),
    ...(token.fhirUser !== undefined && { fhirUser: token.fhirUser }),
  }
}
