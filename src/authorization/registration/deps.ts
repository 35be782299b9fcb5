import type { Trail } from '../ports.ts'
import type { Ids } from '../secrets.ts'
import type { RegistrationStore } from './ports.ts'
import type { RegistrationRules } from './rules.ts'
import type { KeysAt } from './software-statement.ts'

/** What the registration endpoints work with. */
export interface RegistrationDeps {
  /** The issuer. */
  readonly baseUrl: string
  readonly registrations: RegistrationStore
  readonly registration: RegistrationRules
  readonly keysAt: KeysAt
  readonly audit: Trail
  readonly ids: Ids
  readonly now: () => number
  /** Called when an app was changed: what was believed of it is to be forgotten. */
  readonly changed: () => void
}
