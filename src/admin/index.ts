/** Administration: pages under `/admin` for administrators, and an API under `/admin/api` for programs. */
import { redirect } from '../http/reply.ts'
import type { HttpReply, Route } from '../http/route.ts'
import { apiRoutes } from './api/routes.ts'
import type { AdminDeps } from './deps.ts'
import type { Visit } from './pages/admit.ts'

const FORM_BYTES = 128 * 1024

type Work = (visit: Visit, deps: AdminDeps) => Promise<HttpReply>

/** The pages are loaded with the first visit to any: administrators come seldom. */
const accounts = () => import('./pages/accounts.ts')
const apps = () => import('./pages/apps.ts')
const app = () => import('./pages/app.ts')
const appChange = () => import('./pages/change-app.ts')
const appForm = () => import('./pages/edit-app.ts')
const tokens = () => import('./pages/tokens.ts')
const codes = () => import('./pages/codes.ts')

const pages: readonly (readonly ['GET' | 'POST', string, Work])[] = [
  ['GET', '/admin', async () => redirect('/admin/apps')],
  ['GET', '/admin/apps', async (visit, deps) => (await apps()).showApps(visit, deps)],
  ['GET', '/admin/apps/new', async (visit) => (await appForm()).newApp(visit)],
  ['POST', '/admin/apps/new', async (visit, deps) => (await appForm()).addApp(visit, deps)],
  ['GET', '/admin/apps/:id', async (visit, deps) => (await app()).showApp(visit, deps)],
  ['POST', '/admin/apps/:id', async (visit, deps) => (await appChange()).changeApp(visit, deps)],
  ['GET', '/admin/apps/:id/edit', async (visit, deps) => (await appForm()).editApp(visit, deps)],
  ['POST', '/admin/apps/:id/edit', async (visit, deps) => (await appForm()).replaceApp(visit, deps)],
  ['GET', '/admin/tokens', async (visit, deps) => (await tokens()).showTokens(visit, deps)],
  ['POST', '/admin/tokens', async (visit, deps) => (await tokens()).changeTokens(visit, deps)],
  ['GET', '/admin/codes', async (visit, deps) => (await codes()).showCodes(visit, deps)],
  ['POST', '/admin/codes', async (visit, deps) => (await codes()).changeCodes(visit, deps)],
  ['GET', '/admin/accounts', async (visit, deps) => (await accounts()).showAccounts(visit, deps)],
  ['GET', '/admin/accounts/:id', async (visit, deps) => (await accounts()).showAccount(visit, deps)],
  ['POST', '/admin/accounts/:id', async (visit, deps) => (await accounts()).changeAccount(visit, deps)],
]

/** The routes of administration. */
export function adminRoutes(deps: AdminDeps): Route[] {
  const shown = pages.map(
    ([method, path, work]): Route => ({
      method,
      path,
      bodyLimit: FORM_BYTES,
      handle: async (request) => {
        const { forAdmin } = await import('./pages/admit.ts')
        return forAdmin(request, deps, (visit) => work(visit, deps))
      },
    }),
  )
  return [...shown, ...apiRoutes(deps)]
}
