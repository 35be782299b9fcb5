/** `/account/sign-in`: asks who it is, and sends the person back to where they were going. */
import { redirect } from '../http/reply.ts'
import type { HttpReply, HttpRequest, Route } from '../http/route.ts'
import { chooseLocale } from '../ui/locale.ts'
import { hereOf } from '../ui/page.ts'
import { type CredentialCheck, createCredentialCheck } from './check-credentials.ts'
import type { IdentityHouse } from './house.ts'
import { providerButtons } from './providers/buttons.ts'
import { destination } from './return-to.ts'
import { parseWanted, type Wanted } from './second-factor/factors.ts'
import { isForApp, signInReply } from './sign-in-frame.ts'
import { renderSignIn, type SignInProblem } from './sign-in-page.ts'

const SECOND = 1000

export function signInRoutes(house: IdentityHouse): Route[] {
  const check = createCredentialCheck(house)

  async function show(request: HttpRequest): Promise<HttpReply> {
    const { query } = request
    const returnTo = destination(query.get('return_to'), house.home)
    const again = query.get('again') !== undefined
    if (!again && (await house.running.of(request))) return redirect(returnTo)
    const secondFactor = parseWanted(query.get('second_factor'))
    const typed = {
      returnTo,
      secondFactor,
      again,
      username: query.get('username'),
      isReset: query.get('told') === 'reset',
      ...(query.get('problem') === 'passkey' && { problem: { kind: 'passkey' } as const }),
    }
    return askAgain(house, request, typed, 200)
  }

  async function submit(request: HttpRequest): Promise<HttpReply> {
    const { form, remoteAddress: address } = request
    const returnTo = destination(form.get('return_to'), house.home)
    const username = form.get('username')
    const password = form.get('password')
    const secondFactor = parseWanted(form.get('second_factor'))
    const typed = { returnTo, username, secondFactor }
    if (!house.csrf.check(request))
      return askAgain(house, request, { ...typed, problem: { kind: 'expired' } }, 403)
    if (username === undefined || password === undefined) {
      return askAgain(house, request, { ...typed, problem: { kind: 'missing' } }, 400)
    }
    const guesser = (name: string) => ({ address, device: house.devices.of(request, name) })
    const result = await check({ username, password, guesser })
    if (result.account) {
      const proven = { account: result.account, methods: ['pwd'], returnTo, secondFactor }
      return house.start.completeSignIn(proven, request)
    }
    await recordFailure(house, request, username, result)
    return refuse(house, request, typed, result.waitMs)
  }

  return [
    { method: 'GET', path: '/account/sign-in', handle: show },
    { method: 'POST', path: '/account/sign-in', handle: submit },
  ]
}

interface Typed {
  readonly returnTo: string
  readonly username?: string | undefined
  readonly secondFactor: Wanted
  readonly isReset?: boolean
  readonly again?: boolean
  readonly problem?: SignInProblem
}

async function askAgain(
  house: IdentityHouse,
  request: HttpRequest,
  typed: Typed,
  status: number,
): Promise<HttpReply> {
  const { html: csrf, cookies } = house.csrf.field(request)
  const locale = chooseLocale(request)
  const view = {
    ...typed,
    forApp: isForApp(typed.returnTo),
    csrf,
    locale,
    providers: providerButtons(house.providers?.list ?? [], { ...typed, locale }),
    passkeys: house.keys.available,
    sandbox: house.sandbox,
    here: hereOf(request),
  }
  return signInReply(house.destinations, typed.returnTo, { status, html: renderSignIn(view), cookies })
}

async function refuse(
  house: IdentityHouse,
  request: HttpRequest,
  typed: Typed,
  waitMs?: number,
): Promise<HttpReply> {
  if (waitMs === undefined) return askAgain(house, request, { ...typed, problem: { kind: 'failed' } }, 401)
  const seconds = Math.ceil(waitMs / SECOND)
  const reply = await askAgain(house, request, { ...typed, problem: { kind: 'slow-down', seconds } }, 429)
  return { ...reply, headers: { ...reply.headers, 'retry-after': String(seconds) } }
}

async function recordFailure(
  house: IdentityHouse,
  request: HttpRequest,
  name: string,
  result: CredentialCheck,
): Promise<void> {
  const detail = 'detail' in result ? result.detail : undefined
  const { id: requestId, remoteAddress: address } = request
  await house.audit.record({ action: 'sign-in-failed', requestId, address, name: name.slice(0, 128), detail })
}
