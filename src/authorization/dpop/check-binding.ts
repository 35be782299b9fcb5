// Whether a request of an app comes with a DPoP proof, and has to. RFC 9449 §5, §5.2, §8, §10.1.
import type { HttpRequest } from '../../http/route.ts'
import type { Client } from '../client.ts'
import { OAuthError } from '../errors.ts'
import { checkProof, type ProofDeps } from './proof.ts'

/** What the endpoints that apps call check proofs with. */
export interface BindingDeps {
  /** The issuer. */
  readonly baseUrl: string
  readonly proofs: ProofDeps
}

/** The thumbprint of the key behind the request's proof; nothing when it has none and needs none. */
export async function checkBinding(
  request: HttpRequest,
  client: Client,
  deps: BindingDeps,
): Promise<string | undefined> {
  if (request.headers.dpop === undefined && !client.dpopBoundTokens) return undefined
  return checkKey(request, deps)
}

/** The thumbprint of the key behind the request's proof, which has to be for `token` if one comes along. */
export async function checkKey(
  request: HttpRequest,
  { baseUrl, proofs }: BindingDeps,
  token?: string,
): Promise<string> {
  const { dpop } = request.headers
  if (dpop === undefined) throw new OAuthError('proofMissing')
  const asked = {
    method: request.method,
    url: baseUrl + request.path,
    ...(token !== undefined && { token }),
  }
  const result = await checkProof(dpop, asked, proofs)
  if ('jkt' in result) return result.jkt
  const name = result.problem === 'use_dpop_nonce' ? 'proofNonce' : 'proofInvalid'
  throw new OAuthError(name, { text: result.text, detail: result.detail })
}

/** The header by which an app learns the nonce of its next proof, where it needs one. */
export function nonceHeader(
  isWanted: boolean,
  { proofs }: Pick<BindingDeps, 'proofs'>,
): Record<string, string> {
  return isWanted ? { 'dpop-nonce': proofs.nonces.make() } : {}
}
