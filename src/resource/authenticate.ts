/**
 * Enforces that a request carries one valid access token in the Authorization header, and joins what the token grants
 * with what its user may do now (RSRC-01, RSRC-02, RSRC-09, RFC-17; RFC 9449 §7). A token is looked for nowhere else (RFC-18).
 */
import { isFhirId } from '../smart/ids.ts'
import { FhirError } from './outcomes.ts'
import type { ProofVerifier, Rights, TokenVerifier, UserRights, VerifiedToken } from './ports.ts'
import type { Caller } from './request.ts'

const schemes = { bearer: 'Bearer', dpop: 'DPoP' } as const
type Scheme = keyof typeof schemes
const credentials = /^(?:Bearer|DPoP) +([A-Za-z0-9\-._~+/]+=*) *$/i

/** How a request shows that it holds the key of its token; without it, bound tokens are refused. */
export interface Presented {
  readonly proofs: ProofVerifier
  /** The `DPoP` header. */
  readonly proof: string | undefined
  readonly method: string
  /** The address as the outside calls it, without query. */
  readonly url: string
}

/** The caller behind an Authorization header; `realm` is named in the challenge of a refusal. */
export async function authenticate(
  authorization: string | undefined,
  verifier: TokenVerifier,
  rights: Rights,
  realm: string,
  presented?: Presented,
): Promise<Caller> {
  const { scheme, text } = parseCredentials(authorization, realm, presented)
  const refuse = (error: keyof typeof errorCodes) => refusal(error, realm, challengeOf(scheme, presented))
  const token = await verifier.verify(text)
  if (!token || !hasUsablePatient(token)) throw refuse('tokenInvalid')
  if (token.jkt !== undefined || scheme === 'dpop') await checkKey(scheme, text, token, realm, presented)
  const own = await loadRights(token, rights)
  if (!own) throw refuse('tokenInvalid')
  return rememberedCaller(token, own)
}

/** Refuses what comes with no good access token; whether its key is held is asked with the request itself, once. */
export async function checkToken(
  authorization: string | undefined,
  verifier: TokenVerifier,
  realm: string,
  presented?: Presented,
): Promise<void> {
  const { scheme, text } = parseCredentials(authorization, realm, presented)
  const token = await verifier.verify(text)
  if (!token || !hasUsablePatient(token)) throw refusal('tokenInvalid', realm, challengeOf(scheme, presented))
}

/** What whoever holds a good token has to change. */
const texts = {
  unbound: 'The access token is bound to no key: send it as Authorization: Bearer.',
  bound:
    'The access token is bound to a key: send it as Authorization: DPoP, with a proof in the header DPoP.',
  unproven: 'The header DPoP is missing: the access token is bound to a key.',
  otherKey: 'The DPoP proof was made with another key than the one that the access token is bound to.',
}

/** A bound token comes with its scheme and a proof by its key, and an unbound one without: neither stands for the other (RFC 9449 §7.1, §7.2). */
async function checkKey(
  scheme: Scheme,
  text: string,
  { jkt }: VerifiedToken,
  realm: string,
  presented: Presented | undefined,
): Promise<void> {
  const challenge = challengeOf('dpop', presented)
  const refuse = (error: 'tokenInvalid' | 'proofInvalid', say: string) =>
    refusal(error, realm, { ...challenge, text: say })
  if (jkt === undefined) throw refuse('tokenInvalid', texts.unbound)
  if (!presented || scheme !== 'dpop') throw refuse('tokenInvalid', texts.bound)
  const { proofs, proof, method, url } = presented
  if (proof === undefined) throw refuse('proofInvalid', texts.unproven)
  const result = await proofs.check(proof, { method, url, token: text })
  if (!('problem' in result)) {
    if (result.jkt !== jkt) throw refuse('tokenInvalid', texts.otherKey)
    return
  }
  const needsNonce = result.problem === 'use_dpop_nonce'
  throw refusal('proofInvalid', realm, {
    ...challenge,
    code: result.problem,
    text: result.text,
    ...(needsNonce && { nonce: proofs.nonce() }),
  })
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

function parseCredentials(
  authorization: string | undefined,
  realm: string,
  presented: Presented | undefined,
): { readonly scheme: Scheme; readonly text: string } {
  const scheme = authorization?.trimStart().split(' ', 1)[0]?.toLowerCase()
  const isKnown = scheme === 'bearer' || (scheme === 'dpop' && presented !== undefined)
  if (authorization === undefined || !isKnown) throw refusal('tokenMissing', realm)
  const text = credentials.exec(authorization)?.[1]
  if (text === undefined) throw refusal('tokenMalformed', realm, challengeOf(scheme, presented))
  return { scheme, text }
}

const errorCodes = {
  tokenMissing: '',
  tokenMalformed: 'invalid_request',
  tokenInvalid: 'invalid_token',
  proofInvalid: 'invalid_dpop_proof',
} as const

interface Challenge {
  readonly scheme: Scheme
  readonly algorithms?: readonly string[]
  /** Instead of the error's own. */
  readonly code?: string
  readonly nonce?: string
  /** Instead of the error's own. */
  readonly text?: string
}

function challengeOf(scheme: Scheme, presented: Presented | undefined): Challenge {
  return scheme === 'dpop' && presented ? { scheme, algorithms: presented.proofs.algorithms } : { scheme }
}

function refusal(
  error: keyof typeof errorCodes,
  realm: string,
  { scheme, algorithms, code = errorCodes[error], nonce, text }: Challenge = { scheme: 'bearer' },
): FhirError {
  // Without a token there is no error to name, only the way to come back. @see RFC 6750 §3.1, RFC 9449 §7.1
  const members = [
    `realm="${realm}"`,
    ...(code === '' ? [] : [`error="${code}"`]),
    ...(algorithms ? [`algs="${algorithms.join(' ')}"`] : []),
  ]
  const headers = { 'www-authenticate': `${schemes[scheme]} ${members.join(', ')}` }
  return new FhirError(error, {
    headers: nonce === undefined ? headers : { ...headers, 'dpop-nonce': nonce },
    ...(text !== undefined && { text }),
  })
}

/** Rights are asked for with every request; how long an answer may be believed is the port's own rule. */
function loadRights(token: VerifiedToken, rights: Rights): Promise<UserRights | undefined> {
  return token.user === undefined ? rights.ofClient(token.clientId) : rights.of(token.user)
}

function callerOf(token: VerifiedToken, own: UserRights): Caller {
  const scopes = token.scopes.filter((scope) => scope.kind === 'resource')
  const patient = token.patient !== undefined && { patient: token.patient }
  // Which record its user is stands in a token only where its app may know it.
  const { fhirUser = own.fhirUser } = token
  return {
    authority: { scopes, ...patient, rights: own.rights, withheld: own.withheld },
    clientId: token.clientId,
    tokenId: token.tokenId,
    grantId: token.grantId,
    ...patient,
    ...(token.user !== undefined && { user: token.user }),
    ...(fhirUser !== undefined && { fhirUser }),
  }
}
