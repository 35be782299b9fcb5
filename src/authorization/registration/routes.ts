import type { HttpRequest, Method, Route } from '../../http/route.ts'
import { registrationFailure } from './answer.ts'
import type { RegistrationDeps } from './deps.ts'
import type { readRegistration } from './manage.ts'

/** Loaded with the first app that comes. */
const managing = () => import('./manage.ts')

/** The registration endpoint (RFC 7591), and each app's own (RFC 7592). */
export function registrationRoutes(deps: RegistrationDeps): Route[] {
  const own = (method: Method, load: () => Promise<typeof readRegistration>): Route => ({
    method,
    path: '/oauth/register/:id',
    handle: async (request: HttpRequest) => (await load())(request, deps),
    failure: registrationFailure,
  })
  return [
    {
      method: 'POST',
      path: '/oauth/register',
      handle: async (request) => (await import('./register.ts')).register(request, deps),
      failure: registrationFailure,
    },
    own('GET', async () => (await managing()).readRegistration),
    own('PUT', async () => (await managing()).replaceRegistration),
    own('DELETE', async () => (await managing()).removeRegistration),
  ]
}
