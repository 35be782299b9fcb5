import type { ClientKeys } from '../client-keys/index.ts'
import type { GrantLife } from '../grant-life.ts'
import type { Signer } from '../jwt.ts'
import type { Lifetimes } from '../lifetimes.ts'
import type { ClientStore, FilterSupport, GrantStore, ReplayStore, SignIn, Trail } from '../ports.ts'
import type { Ids } from '../secrets.ts'
import type { VerifyAccessToken } from '../verify.ts'

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
  readonly verifyAccessToken: VerifyAccessToken
  readonly signIdToken: Signer
  readonly audit: Trail
  readonly ids: Ids
  readonly lifetimes: Lifetimes
  readonly now: () => number
}
