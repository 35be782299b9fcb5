/** Administration: pages under `/admin` for administrators, and an API under `/admin/api` for programs. */
import { redirect } from '../http/reply.ts'
import type { HttpReply, Route } from '../http/route.ts'
import { apiRoutes } from './api/routes.ts'
import type { AdminDeps } from './deps.ts'
import { changeAccount, showAccount, showAccounts } from './pages/accounts.ts'
import { forAdmin, type Visit } from './pages/admit.ts'
import { showApp } from './pages/app.ts'
import { showApps } from './pages/apps.ts'
import { changeApp } from './pages/change-app.ts'
import { changeCodes, showCodes } from './pages/codes.ts'
import { addApp, editApp, newApp, replaceApp } from './pages/edit-app.ts'
import { changeTokens, showTokens } from './pages/tokens.ts'

const FORM_BYTES = 128 * 1024

type Work = (visit: Visit, deps: AdminDeps) => Promise<HttpReply>

const pages: readonly (readonly ['GET' | 'POST', string, Work])[] = [
  ['GET', '/admin', async () => redirect('/admin/apps')],
  ['GET', '/admin/apps', (visit, deps) => showApps(visit, deps)],
  ['GET', '/admin/apps/new', newApp],
  ['POST', '/admin/apps/new', addApp],
  ['GET', '/admin/apps/:id', (visit, deps) => showApp(visit, deps)],
  ['POST', '/admin/apps/:id', changeApp],
  ['GET', '/admin/apps/:id/edit', editApp],
  ['POST', '/admin/apps/:id/edit', replaceApp],
  ['GET', '/admin/tokens', (visit, deps) => showTokens(visit, deps)],
  ['POST', '/admin/tokens', changeTokens],
  ['GET', '/admin/codes', (visit, deps) => showCodes(visit, deps)],
  ['POST', '/admin/codes', changeCodes],
  ['GET', '/admin/accounts', showAccounts],
  ['GET', '/admin/accounts/:id', (visit, deps) => showAccount(visit, deps)],
  ['POST', '/admin/accounts/:id', changeAccount],
]

/** The routes of administration. */
export function adminRoutes(deps: AdminDeps): Route[] {
  const shown = pages.map(
    ([method, path, work]): Route => ({
      method,
      path,
      bodyLimit: FORM_BYTES,
      handle: (request) => forAdmin(request, deps, (visit) => work(visit, deps)),
    }),
  )
  return [...shown, ...apiRoutes(deps)]
}
