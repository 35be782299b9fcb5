import type { ClientKeys } from '../client-keys/index.ts'
import type { ProofDeps } from '../dpop/proof.ts'
import type { GrantLife } from '../grant-life.ts'
import type { Signer } from '../jwt.ts'
import type { Lifetimes } from '../lifetimes.ts'
import type { ClientStore, FilterSupport, GrantStore, ReplayStore, SignIn, Trail } from '../ports.ts'
import type { Ids } from '../secrets.ts'
import type { VerifyAccessToken } from '../verify.ts'
import type { HeldAssertion } from './held-assertion.ts'

/** What the token endpoint works with. */
export interface TokenDeps {
  /** The issuer. */
  readonly baseUrl: string
  readonly fhirBase: string
  readonly clients: ClientStore
  readonly clientKeys: ClientKeys
  readonly replays: Pick<ReplayStore, 'isFirst'>
  readonly grants: GrantStore
  readonly life: GrantLife
  readonly signIn: Pick<SignIn, 'isSessionLive' | 'isUserActive'>
  readonly supportsFilter: FilterSupport
  readonly signAccessToken: Signer
  readonly verifyBoundToken: VerifyAccessToken
  readonly signIdToken: Signer
  /** What the app proved itself by, where that works once. */
  readonly assertion: HeldAssertion
  /** The thumbprint of the key that the request's DPoP proof was made with. */
  readonly jkt?: string
  readonly proofs: ProofDeps
  readonly audit: Trail
  readonly ids: Ids
  readonly lifetimes: Lifetimes
  readonly now: () => number
}
