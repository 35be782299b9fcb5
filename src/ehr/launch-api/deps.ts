import type { Csrf } from '../../http/csrf.ts'
import type { LaunchDeps } from '../launch.ts'
import type { Apps, CurrentUser, LaunchCallers, LaunchPeople } from '../ports.ts'

/** What the launch API works with. */
export interface LaunchApiDeps extends LaunchDeps {
  readonly apps: Apps
  readonly callers: LaunchCallers
  readonly people: LaunchPeople
  readonly currentUser: CurrentUser
  readonly csrf: Csrf
  /** What the outside calls this server, without a slash at the end. */
  readonly baseUrl: string
}
