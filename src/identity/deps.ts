import type { Csrf } from '../http/csrf.ts'
import type { SitePolicy } from '../smart/policy.ts'
import type {
  AccountStore,
  Audit,
  Consents,
  Destinations,
  EmergencyAccess,
  Relations,
  SessionStore,
} from './ports.ts'
import type { SandboxHelp } from './sign-in-page.ts'

/** What identity is put together from. */
export interface IdentityDeps {
  readonly accounts: AccountStore
  readonly sessions: SessionStore
  readonly relations: Relations
  /** The site's policy as it is now. */
  readonly policy: () => SitePolicy
  readonly consents: Consents
  readonly emergencyAccess: EmergencyAccess
  readonly destinations: Destinations
  readonly audit: Audit
  readonly csrf: Csrf
  readonly now: () => number
  readonly ids: {
    /** 256 random bits in base64url. */
    secret(): string
  }
  /** Shown on the sign-in page of a sandbox, nowhere else. */
  readonly sandbox?: SandboxHelp
  /** Where a person goes who came from nowhere in particular; default `/account`. */
  readonly home?: string
}
