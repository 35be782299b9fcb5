import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HttpRequest } from '../http/route.ts'
import { administrationRoutes } from './administration.ts'
import { createHouseCallers } from './house-callers.ts'

/** The status of a call with a token of the scope, which a person stands behind or nobody. */
async function statusFor(
  more: { user?: string; jkt?: string },
  registered = 'chartkey.admin',
): Promise<number> {
  const verified = { clientId: 'console', claims: { scope: 'chartkey.admin' }, ...more }
  const routes = administrationRoutes({
    authorization: { registry: { list: async () => [] } },
    callers: createHouseCallers(
      (async () => verified) as unknown as Parameters<typeof createHouseCallers>[0],
      { find: async () => ({ scope: registered }) } as unknown as Parameters<typeof createHouseCallers>[1],
    ),
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
  assert.equal(await statusFor({}), 200)
  assert.equal(await statusFor({ user: 'u-doctor' }), 401)
  assert.equal(await statusFor({ jkt: 'the thumbprint of a key' }), 401)
  assert.equal(await statusFor({}, 'system/*.rs'), 403)
})
