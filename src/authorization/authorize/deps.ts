import type { Csrf } from '../../http/csrf.ts'
import type { Outbound } from '../../http/outbound.ts'
import type { ClientKeys } from '../client-keys/index.ts'
import type { KeyRing } from '../keys.ts'
import type { Lifetimes } from '../lifetimes.ts'
import type {
  ClientStore,
  FilterSupport,
  FlowStore,
  GrantStore,
  LaunchStore,
  PatientDirectory,
  Sealer,
  SignIn,
  Trail,
} from '../ports.ts'
import type { PushedRequestStore } from '../pushed-request.ts'
import type { RememberedConsentStore } from '../remembered-consent.ts'
import type { Ids } from '../secrets.ts'
import type { StepUpRule } from './check-step-up.ts'

/** What the authorization endpoint works with. */
export interface AuthorizeDeps {
  /** The issuer. */
  readonly baseUrl: string
  readonly fhirBase: string
  readonly clients: ClientStore
  readonly flows: FlowStore
  readonly pushed: Pick<PushedRequestStore, 'add' | 'find'>
  readonly launches: LaunchStore
  readonly supportsFilter: FilterSupport
  readonly audit: Trail
  readonly keys: Pick<KeyRing, 'hints'>
  readonly clientKeys: ClientKeys
  readonly outbound: Pick<Outbound, 'get'>
  readonly ids: Ids
  readonly lifetimes: Lifetimes
  readonly now: () => number
}

/** What the pages of a running authorization work with. */
export interface FlowDeps extends AuthorizeDeps {
  readonly signIn: SignIn
  /** What the site demands a second factor for; default nothing. */
  readonly stepUp?: StepUpRule
  readonly directory: PatientDirectory
  readonly csrf: Csrf
  readonly rememberedConsents: RememberedConsentStore
  readonly grants: Pick<GrantStore, 'findCode'>
  /** Seals under a secret of 256 bits. */
  readonly sealerOf: (secret: string) => Sealer
  /** How long a decision is remembered, in milliseconds; 0 for never. */
  readonly rememberFor: number
}
