/** The launch API of other systems, as routes. */
import type { Route } from '../../http/route.ts'
import type { LaunchApiDeps } from './deps.ts'
import { launchApiFailure } from './errors.ts'
import { orderLaunch } from './order-launch.ts'
import { startFromForm, startFromLink } from './start-launch.ts'
import { startPath } from './start-url.ts'

const BODY_BYTES = 64 * 1024
const FORM_BYTES = 4 * 1024

/** `POST /ehr/launches`, and the `start_url` that it gives. */
export function launchApiRoutes(deps: LaunchApiDeps): Route[] {
  return [
    {
      method: 'POST',
      path: '/ehr/launches',
      bodyLimit: BODY_BYTES,
      handle: (request) => orderLaunch(deps, request),
      failure: launchApiFailure,
    },
    { method: 'GET', path: startPath, handle: (request) => startFromLink(deps, request) },
    {
      method: 'POST',
      path: startPath,
      bodyLimit: FORM_BYTES,
      handle: (request) => startFromForm(deps, request),
    },
  ]
}
