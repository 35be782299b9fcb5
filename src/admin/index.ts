/** Administration: pages under `/admin` for administrators, and an API under `/admin/api` for programs. */
import { redirect } from '../http/reply.ts'
import type { HttpReply, Route } from '../http/route.ts'
import { apiRoutes } from './api/routes.ts'
import type { AdminDeps } from './deps.ts'
import type { Visit } from './pages/admit.ts'
import type { Proof } from './pages/fresh-proof.ts'

type Work = (visit: Visit, deps: AdminDeps) => Promise<HttpReply>

/** The pages are loaded with the first visit to any: administrators come seldom. */
const accounts = () => import('./pages/accounts.ts')
const apps = () => import('./pages/apps.ts')
const app = () => import('./pages/app.ts')
const appChange = () => import('./pages/change-app.ts')
const appForm = () => import('./pages/edit-app.ts')
const tokens = () => import('./pages/tokens.ts')
const codes = () => import('./pages/codes.ts')

function later<Name extends string>(load: () => Promise<Record<Name, Work>>, name: Name): Work {
  return async (visit, deps) => (await load())[name](visit, deps)
}

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
  ['GET', '/admin/apps', 'never', later(apps, 'showApps')],
  // These two forms are long: nobody is to type them in vain.
  ['GET', '/admin/apps/new', 'always', later(appForm, 'newApp')],
  ['POST', '/admin/apps/new', 'always', later(appForm, 'addApp')],
  ['GET', '/admin/apps/:id', 'never', later(app, 'showApp')],
  ['POST', '/admin/apps/:id', { butFor: takingFromApp }, later(appChange, 'changeApp')],
  ['GET', '/admin/apps/:id/edit', 'always', later(appForm, 'editApp')],
  ['POST', '/admin/apps/:id/edit', 'always', later(appForm, 'replaceApp')],
  ['GET', '/admin/tokens', 'never', later(tokens, 'showTokens')],
  ['POST', '/admin/tokens', { butFor: ['revoke'] }, later(tokens, 'changeTokens')],
  ['GET', '/admin/codes', 'never', later(codes, 'showCodes')],
  ['POST', '/admin/codes', { butFor: ['revoke'] }, later(codes, 'changeCodes')],
  ['GET', '/admin/accounts', 'never', later(accounts, 'showAccounts')],
  ['GET', '/admin/accounts/:id', 'never', later(accounts, 'showAccount')],
  ['POST', '/admin/accounts/:id', { butFor: ['disable', 'revoke-grant'] }, later(accounts, 'changeAccount')],
]

/** The routes of administration. */
export function adminRoutes(deps: AdminDeps): Route[] {
  const shown = pages.map(
    ([method, path, proof, work]): Route => ({
      method,
      path,
      handle: async (request) => {
        const { forAdmin } = await import('./pages/admit.ts')
        return forAdmin(request, deps, proof, (visit) => work(visit, deps))
      },
    }),
  )
  return [...shown, ...apiRoutes(deps)]
}
