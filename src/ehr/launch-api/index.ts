/** The launch API of other systems, as routes. */
import type { Route } from '../../http/route.ts'
import type { LaunchApiDeps } from './deps.ts'
import { launchApiFailure } from './errors.ts'
import { startPath } from './start-url.ts'

const BODY_BYTES = 64 * 1024
const FORM_BYTES = 4 * 1024

/** Loaded with the first launch: a server may have no other EHR. */
const starting = () => import('./start-launch.ts')

/** `POST /ehr/launches`, and the `start_url` that it gives. */
export function launchApiRoutes(deps: LaunchApiDeps): Route[] {
  return [
    {
      method: 'POST',
      path: '/ehr/launches',
      bodyLimit: BODY_BYTES,
      handle: async (request) => (await import('./order-launch.ts')).orderLaunch(deps, request),
      failure: launchApiFailure,
    },
    {
      method: 'GET',
      path: startPath,
      handle: async (request) => (await starting()).startFromLink(deps, request),
    },
    {
      method: 'POST',
      path: startPath,
      bodyLimit: FORM_BYTES,
      handle: async (request) => (await starting()).startFromForm(deps, request),
    },
  ]
}
