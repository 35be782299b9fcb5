import type { LaunchApiDeps } from './launch-api/deps.ts'
import type { Emergency, Releases } from './ports.ts'

/** Who the accounts of a sandbox are. */
export type SandboxRole = 'physician' | 'nurse' | 'patient' | 'parent' | 'administrator'

/** A sandbox account, as the launch builder and the welcome page name it. */
export interface SandboxAccount {
  readonly username: string
  readonly name: string
  readonly role: SandboxRole
  /** Who the account is in FHIR, and the records it acts for; the names are synthetic and shown to everybody. */
  readonly records: readonly { readonly reference: string; readonly name?: string }[]
}

/** What only a sandbox shows to everybody. */
export interface Sandbox {
  readonly accounts: readonly SandboxAccount[]
  /** The one password of all accounts. */
  readonly password: string
  /** Which organisation launches apps here (`tenant`). */
  readonly tenant: string
}

/** Everything the EHR is made of. */
export interface EhrDeps extends LaunchApiDeps {
  readonly emergency: Emergency
  readonly releases: Releases
  /** The names of apps that hold offline access, where it is time to tell this person of them; mostly none. */
  readonly offlineReminder: (userId: string) => Promise<readonly string[]>
  /** The style document that apps inside our pages are told of (`smart_style_url`). */
  readonly styleUrl: string
  /** Given in a sandbox only: without it there is no launch builder. */
  readonly sandbox?: Sandbox
}
