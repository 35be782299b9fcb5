import type { Csrf } from '../http/csrf.ts'
import type {
  Accounts,
  ActivationCodes,
  Apps,
  Callers,
  Drafts,
  Grants,
  InitialTokens,
  Refusals,
  Visitors,
} from './ports.ts'

/** What administration is put together from. */
export interface AdminDeps {
  /** What the outside calls this server, without a slash at the end. */
  readonly baseUrl: string
  readonly visitors: Visitors
  readonly callers: Callers
  readonly apps: Apps
  readonly tokens: InitialTokens
  readonly accounts: Accounts
  readonly codes: ActivationCodes
  readonly grants: Grants
  readonly refusals: Refusals
  readonly drafts: Drafts
  readonly csrf: Csrf
  readonly now: () => number
}
