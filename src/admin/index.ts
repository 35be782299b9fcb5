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
import type { Proof } from './pages/fresh-proof.ts'
import { changeTokens, showTokens } from './pages/tokens.ts'

const FORM_BYTES = 128 * 1024

type Work = (visit: Visit, deps: AdminDeps) => Promise<HttpReply>

/** What takes access away from an app, and nothing with it that could not be given again. */
const takingFromApp = [
  'refuse',
  'disable',
  'no-pre-approval',
  'no-smart1',
  'no-resource-server',
  'revoke-grant',
]

const pages: readonly (readonly ['GET' | 'POST', string, Proof, Work])[] = [
  ['GET', '/admin', 'never', async () => redirect('/admin/apps')],
  ['GET', '/admin/apps', 'never', (visit, deps) => showApps(visit, deps)],
  // These two forms are long: nobody is to type them in vain.
  ['GET', '/admin/apps/new', 'always', newApp],
  ['POST', '/admin/apps/new', 'always', addApp],
  ['GET', '/admin/apps/:id', 'never', (visit, deps) => showApp(visit, deps)],
  ['POST', '/admin/apps/:id', { butFor: takingFromApp }, changeApp],
  ['GET', '/admin/apps/:id/edit', 'always', editApp],
  ['POST', '/admin/apps/:id/edit', 'always', replaceApp],
  ['GET', '/admin/tokens', 'never', (visit, deps) => showTokens(visit, deps)],
  ['POST', '/admin/tokens', { butFor: ['revoke'] }, changeTokens],
  ['GET', '/admin/codes', 'never', (visit, deps) => showCodes(visit, deps)],
  ['POST', '/admin/codes', { butFor: ['revoke'] }, changeCodes],
  ['GET', '/admin/accounts', 'never', showAccounts],
  ['GET', '/admin/accounts/:id', 'never', (visit, deps) => showAccount(visit, deps)],
  ['POST', '/admin/accounts/:id', { butFor: ['disable', 'revoke-grant'] }, changeAccount],
]

/** The routes of administration. */
export function adminRoutes(deps: AdminDeps): Route[] {
  const shown = pages.map(
    ([method, path, proof, work]): Route => ({
      method,
      path,
      bodyLimit: FORM_BYTES,
      handle: (request) => forAdmin(request, deps, proof, (visit) => work(visit, deps)),
    }),
  )
  return [...shown, ...apiRoutes(deps)]
}
