import type { Csrf } from '../http/csrf.ts'
import type { SitePolicy } from '../smart/policy.ts'
import type { AttemptStore, CredentialStore, PasskeyStore, TicketStore } from './credential-ports.ts'
import type { Post } from './mail/ports.ts'
import type {
  AccountStore,
  Audit,
  Consents,
  Destinations,
  EmergencyAccess,
  Relations,
  SessionStore,
} from './ports.ts'
import type { ProviderOptions } from './providers/deps.ts'
import type { FactorRules } from './second-factor/factors.ts'
import type { SandboxHelp } from './sign-in-page.ts'

/** What identity is put together from. */
export interface IdentityDeps {
  readonly accounts: AccountStore
  readonly sessions: SessionStore
  readonly attempts: AttemptStore
  readonly tickets: TicketStore
  readonly credentials: CredentialStore
  readonly passkeys: PasskeyStore
  readonly relations: Relations
  /** The site's policy as it is now. */
  readonly policy: () => SitePolicy
  readonly consents: Consents
  readonly emergencyAccess: EmergencyAccess
  readonly destinations: Destinations
  readonly audit: Audit
  readonly csrf: Csrf
  /** The installation's secret, of 256 bits. */
  readonly secret: string
  /** What the outside calls this server. */
  readonly baseUrl: string
  /** Who may not sign in without a second factor. */
  readonly rules: FactorRules
  /** Where letters to people go; absent where no mail is sent. */
  readonly mail?: Post
  readonly now: () => number
  readonly ids: {
    /** 256 random bits in base64url. */
    secret(): string
  }
  /** Other organisations at which people may sign in. */
  readonly providers?: ProviderOptions
  /** Shown on the sign-in page of a sandbox, nowhere else. */
  readonly sandbox?: SandboxHelp
  /** Where a person goes who came from nowhere in particular; default `/account`. */
  readonly home?: string
}
