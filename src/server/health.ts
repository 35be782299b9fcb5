/** Whether the process runs, and whether it can do its work. */
import { json } from '../http/reply.ts'
import type { Route } from '../http/route.ts'

/** `/health/live` answers as long as the process does; `/health/ready` when `isReady` says so, else 503. */
export function healthRoutes(isReady: () => Promise<boolean>): Route[] {
  const noStore = { 'cache-control': 'no-store' }
  return [
    { method: 'GET', path: '/health/live', handle: () => json(200, { status: 'live' }, noStore) },
    {
      method: 'GET',
      path: '/health/ready',
      handle: async () =>
        (await isReady())
          ? json(200, { status: 'ready' }, noStore)
          : json(503, { status: 'not ready' }, noStore),
    },
  ]
}
