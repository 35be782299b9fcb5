/** What all the roles are made of. */
import type { Trail } from '../audit/trail.ts'
import type { Lifetimes } from '../authorization/lifetimes.ts'
import type { Sections } from '../config/sections.ts'
import type { Sandbox } from '../ehr/deps.ts'
import type { Csrf } from '../http/csrf.ts'
import type { Log } from '../http/log.ts'
import type { Outbound } from '../http/outbound.ts'
import type { Mailer } from '../identity/mail/ports.ts'
import type { Provider } from '../identity/providers/provider.ts'
import type { FactorRules } from '../identity/second-factor/factors.ts'
import type { SitePolicy } from '../smart/policy.ts'
import type { StepUp } from './people-rules.ts'
import type { Stores } from './stores.ts'

/** What all the roles share. */
export interface House {
  readonly baseUrl: string
  readonly fhirBase: string
  readonly stores: Stores
  readonly trail: Trail
  readonly csrf: Csrf
  /** The way out to addresses that apps and their owners name. */
  readonly outbound: Outbound
  /** Whether that way leads to this machine too: only where nobody else reaches the server. Default no. */
  readonly asksOwnMachine?: boolean
  /** Whether DPoP proofs need a nonce of this server; default no. */
  readonly needsDpopNonce?: boolean
  readonly log: Log
  readonly now: () => number
  readonly sandbox: Sandbox | undefined
  /** The site's policy as it is now. */
  readonly policy: () => SitePolicy
  /** The settings that stand in `chartkey.yaml` only. */
  readonly sections: Sections
  /** How long records of the audit trail are kept, in milliseconds. */
  readonly auditRetention: number
  /** Who must sign in with what; default anybody with a password alone. */
  readonly people?: FactorRules
  /** What needs two factors, given just now; default nothing. */
  readonly stepUp?: StepUp | undefined
  /** Where people may sign in besides; default nowhere. */
  readonly providers?: readonly Provider[]
  /** The longest that one request to a provider may take, in milliseconds; default 5 s. */
  readonly providerLimit?: number
  /** Sends mail; absent where none is sent. */
  readonly mailer?: Mailer | undefined
  /** How long everything that is issued lives; default what the authorization server has by itself. */
  readonly lifetimes?: Lifetimes
  /** Milliseconds after which a signing key gets its successor. */
  readonly rotateKeysEvery?: number
}
