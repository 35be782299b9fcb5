/**
 * `/account/second-step`: enforces the second factor between the first one and the session. Codes are guessed against a
 * budget, taken once, and tell nothing but that they did not fit.
 * @see OWASP ASVS 4.0, 2.2.1, 2.8.4 (a code works once) and 2.8.5
 */
import { redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest, Route } from '../../http/route.ts'
import { chooseLocale } from '../../ui/locale.ts'
import type { IdentityHouse } from '../house.ts'
import { checkSecondStepPasskey } from '../passkeys/sign-in.ts'
import { signInReply } from '../sign-in-frame.ts'
import { SECOND_STEP, SET_UP, stepUrl } from '../start-session.ts'
import { codeBudgets } from '../throttle.ts'
import { factorsOf } from './factors.ts'
import { nothingWaits } from './nothing-waits.ts'
import type { Pending } from './pending.ts'
import { hashRecoveryCode } from './recovery-codes.ts'
import { renderSecondStep, type SecondStepProblem } from './second-step-page.ts'
import { setUpRoutes } from './set-up.ts'

const SECOND = 1000

/** What was given as the second factor, and whether it was right. */
type Answer =
  | { readonly method: 'otp' | 'pop' }
  | { readonly problem: SecondStepProblem; readonly status: number }

export function secondStepRoutes(house: IdentityHouse): Route[] {
  async function show(request: HttpRequest): Promise<HttpReply> {
    const pending = await house.pending.of(request)
    return pending ? ask(house, request, pending, 200) : nothingWaits(house, request)
  }

  async function submit(request: HttpRequest): Promise<HttpReply> {
    const pending = await house.pending.of(request)
    if (!pending) return nothingWaits(house, request)
    if (!house.csrf.check(request)) return ask(house, request, pending, 403, { kind: 'expired' })
    const answer = await judge(house, request, pending)
    if ('problem' in answer) return ask(house, request, pending, answer.status, answer.problem)
    return finishSecondStep(house, request, pending, answer.method)
  }

  return [
    { method: 'GET', path: SECOND_STEP, handle: show },
    { method: 'POST', path: SECOND_STEP, handle: submit },
    ...setUpRoutes(house),
  ]
}

/** Signs in who has given both factors; of two requests at once, one. */
export async function finishSecondStep(
  house: IdentityHouse,
  request: HttpRequest,
  pending: Pending,
  method: 'otp' | 'pop',
): Promise<HttpReply> {
  const { pending: pendings, start } = house
  if (!(await pendings.take(pending))) return nothingWaits(house, request, pending.returnTo)
  const { account, provider } = pending
  const methods = [...pending.methods, method, 'mfa']
  const { cookies } = await start.startSession(account, methods, request, provider)
  return { ...redirect(pending.returnTo), cookies: [...cookies, pendings.forgetCookie] }
}

async function judge(house: IdentityHouse, request: HttpRequest, pending: Pending): Promise<Answer> {
  const { account } = pending
  if (request.form.get('credential') !== undefined) {
    const fits = await checkSecondStepPasskey(house, request, pending)
    if (fits) return { method: 'pop' }
    await tellFailure(house, request, pending, 'pop', 'wrong-passkey')
    return { problem: { kind: 'passkey' }, status: 401 }
  }
  const { remoteAddress: address } = request
  const device = house.devices.of(request, account.username)
  const budgets = codeBudgets(account.id, { address, device })
  const wait = await house.throttle.attempt(budgets, house.now())
  if (wait > 0) {
    await tellFailure(house, request, pending, 'otp', 'throttled')
    return { problem: { kind: 'slow-down', seconds: Math.ceil(wait / SECOND) }, status: 429 }
  }
  if (!(await takesCode(house, request, pending))) {
    await tellFailure(house, request, pending, 'otp', 'wrong-code')
    return { problem: { kind: 'wrong' }, status: 401 }
  }
  await house.throttle.succeed(budgets)
  return { method: 'otp' }
}

async function takesCode(house: IdentityHouse, request: HttpRequest, { account }: Pending): Promise<boolean> {
  const recovery = request.form.get('recovery_code')
  if (recovery === undefined) return house.codes.take(account.id, request.form.get('code') ?? '')
  const { codes, passkeys } = await factorsOf(account.id, house)
  // It stands in for a second factor, and is none by itself.
  if (!codes && passkeys === 0) return false
  const hash = hashRecoveryCode(account.id, recovery)
  if (!(await house.credentials.useRecoveryCode(account.id, hash))) return false
  await house.tell(request, account, 'recovery-code-used')
  return true
}

async function tellFailure(
  { audit }: IdentityHouse,
  { id: requestId, remoteAddress: address }: HttpRequest,
  { account }: Pending,
  method: string,
  detail: 'wrong-code' | 'wrong-passkey' | 'throttled',
): Promise<void> {
  const { id: accountId, fhirUser, username: name } = account
  const who = { requestId, address, accountId, fhirUser, name }
  await audit.record({ action: 'sign-in-failed', ...who, methods: [method], detail })
}

async function ask(
  house: IdentityHouse,
  request: HttpRequest,
  pending: Pending,
  status: number,
  problem?: SecondStepProblem,
): Promise<HttpReply> {
  const factors = await factorsOf(pending.account.id, house)
  if (!factors.codes && factors.passkeys === 0)
    return redirect(stepUrl(SET_UP, pending.returnTo, chooseLocale(request)))
  const { html: csrf, cookies } = house.csrf.field(request)
  const recovering = request.form.get('recovery_code') !== undefined
  const { returnTo } = pending
  const view = { locale: chooseLocale(request), csrf, returnTo, factors, recovering, problem }
  const reply = await signInReply(house.destinations, returnTo, {
    status,
    html: renderSecondStep(view),
    cookies,
  })
  if (problem?.kind !== 'slow-down') return reply
  return { ...reply, headers: { ...reply.headers, 'retry-after': String(problem.seconds) } }
}
