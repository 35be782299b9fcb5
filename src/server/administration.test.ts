import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HttpRequest } from '../http/route.ts'
import { parseScopes } from '../smart/scope.ts'
import { administrationRoutes } from './administration.ts'

/** The status of a call with a token of the scope, which a person stands behind or nobody. */
async function statusFor(user: string | undefined): Promise<number> {
  const scopes = parseScopes('chartkey.admin').scopes
  const routes = administrationRoutes({
    authorization: {
      verifyAccessToken: async () => ({ clientId: 'console', scopes, ...(user !== undefined && { user }) }),
      registry: { list: async () => [] },
    },
    trail: { record: async () => {} },
    stores: { secret: 'a secret of these tests' },
  } as unknown as Parameters<typeof administrationRoutes>[0])
  const route = routes.find(({ method, path }) => method === 'GET' && path === '/admin/api/apps')
  const request = {
    headers: { authorization: 'Bearer x' },
    remoteAddress: '',
    query: { get: () => undefined },
  }
  return ((await route?.handle(request as unknown as HttpRequest)) ?? assert.fail()).status
}

test('a program administers by itself; the token of a person is none for it, whatever stands in it', async () => {
  assert.equal(await statusFor(undefined), 200)
  assert.equal(await statusFor('u-doctor'), 401)
})
