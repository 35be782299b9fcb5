import type { HttpRequest, Method, Route } from '../../http/route.ts'
import { registrationFailure } from './answer.ts'
import type { RegistrationDeps } from './deps.ts'
import { readRegistration, removeRegistration, replaceRegistration } from './manage.ts'
import { register } from './register.ts'

/** Registration metadata with a key set in it, and room to spare. */
const BODY_BYTES = 128 * 1024

/** The registration endpoint (RFC 7591), and each app's own (RFC 7592). */
export function registrationRoutes(deps: RegistrationDeps): Route[] {
  const own = (method: Method, work: typeof readRegistration): Route => ({
    method,
    path: '/oauth/register/:id',
    bodyLimit: BODY_BYTES,
    handle: (request: HttpRequest) => work(request, deps),
    failure: registrationFailure,
  })
  return [
    {
      method: 'POST',
      path: '/oauth/register',
      bodyLimit: BODY_BYTES,
      handle: (request) => register(request, deps),
      failure: registrationFailure,
    },
    own('GET', readRegistration),
    own('PUT', replaceRegistration),
    own('DELETE', removeRegistration),
  ]
}
