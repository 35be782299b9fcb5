/** `/account/sign-in`: asks who it is, and sends the person back to where they were going. */
import { page, redirect } from '../http/reply.ts'
import type { HttpReply, HttpRequest, Route } from '../http/route.ts'
import { chooseLocale } from '../ui/locale.ts'
import { hereOf } from '../ui/page.ts'
import { type CredentialCheck, createCredentialCheck } from './check-credentials.ts'
import type { IdentityDeps } from './deps.ts'
import { parseReturnTo } from './return-to.ts'
import type { Sessions } from './sessions.ts'
import { renderSignIn, type SignInProblem } from './sign-in-page.ts'
import type { SessionStart } from './start-session.ts'
import { createThrottle } from './throttle.ts'

const SECOND = 1000
const AUTHORIZATION = '/oauth/'

export function signInRoutes(deps: IdentityDeps, sessions: Sessions, start: SessionStart): Route[] {
  const check = createCredentialCheck({ accounts: deps.accounts, throttle: createThrottle(), now: deps.now })

  async function show(request: HttpRequest): Promise<HttpReply> {
    const returnTo = destination(deps, request.query.get('return_to'))
    const again = request.query.get('again') !== undefined
    if (!again && (await sessions.of(request))) return redirect(returnTo)
    return askAgain(deps, request, { returnTo, username: request.query.get('username') }, 200)
  }

  async function submit(request: HttpRequest): Promise<HttpReply> {
    const returnTo = destination(deps, request.form.get('return_to'))
    const username = request.form.get('username')
    const password = request.form.get('password')
    const typed = { returnTo, username }
    if (!deps.csrf.check(request))
      return askAgain(deps, request, { ...typed, problem: { kind: 'expired' } }, 403)
    if (username === undefined || password === undefined) {
      return askAgain(deps, request, { ...typed, problem: { kind: 'missing' } }, 400)
    }
    const result = await check({ username, password, address: request.remoteAddress })
    if (result.account)
      return start.completeSignIn({ account: result.account, methods: ['pwd'], returnTo }, request)
    await recordFailure(deps, request, username, result)
    return refuse(deps, request, typed, result.waitMs)
  }

  return [
    { method: 'GET', path: '/account/sign-in', handle: show },
    { method: 'POST', path: '/account/sign-in', bodyLimit: 128 * 1024, handle: submit },
  ]
}

interface Typed {
  readonly returnTo: string
  readonly username?: string
  readonly problem?: SignInProblem
}

async function askAgain(
  deps: IdentityDeps,
  request: HttpRequest,
  typed: Typed,
  status: number,
): Promise<HttpReply> {
  const { html: csrf, cookies } = deps.csrf.field(request)
  const forApp = typed.returnTo.startsWith(AUTHORIZATION)
  const view = {
    ...typed,
    forApp,
    csrf,
    locale: chooseLocale(request),
    sandbox: deps.sandbox,
    here: hereOf(request),
  }
  const formActions = await deps.destinations.formTargets(typed.returnTo)
  // An app's pop-up passes through here on its way back to the page that opened it.
  return {
    ...page(status, renderSignIn(view), { formActions, opener: forApp ? 'kept' : 'severed' }),
    cookies,
  }
}

async function refuse(
  deps: IdentityDeps,
  request: HttpRequest,
  typed: Typed,
  waitMs?: number,
): Promise<HttpReply> {
  if (waitMs === undefined) return askAgain(deps, request, { ...typed, problem: { kind: 'failed' } }, 401)
  const seconds = Math.ceil(waitMs / SECOND)
  const reply = await askAgain(deps, request, { ...typed, problem: { kind: 'slow-down', seconds } }, 429)
  return { ...reply, headers: { ...reply.headers, 'retry-after': String(seconds) } }
}

async function recordFailure(
  deps: IdentityDeps,
  request: HttpRequest,
  name: string,
  result: CredentialCheck,
): Promise<void> {
  const detail = 'detail' in result ? result.detail : undefined
  const { id: requestId, remoteAddress: address } = request
  await deps.audit.record({ action: 'sign-in-failed', requestId, address, name: name.slice(0, 128), detail })
}

/** Signing in or out is nowhere to return to. */
function destination(deps: IdentityDeps, text: string | undefined): string {
  const returnTo = parseReturnTo(text)
  return returnTo === undefined || returnTo.startsWith('/account/sign-')
    ? (deps.home ?? '/account')
    : returnTo
}
