/**
 * `/account/activate`: an activation code and a date of birth link the newcomer's identity to the Patient of the code.
 * Guessing is slowed by address and ended by code. @see docs/adr/0027
 */
import { signInFailed } from '../../audit/event.ts'
import { page, redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest, Route } from '../../http/route.ts'
import { chooseLocale } from '../../ui/locale.ts'
import { signInUrl } from '../return-to.ts'
import { type Budget, networkOf } from '../throttle.ts'
import { type ActivationProblem, renderActivate, shownAs } from './activate-page.ts'
import { ACTIVATE_PAGE } from './addresses.ts'
import { actorOf, type ProviderDeps } from './deps.ts'
import { findRecords } from './find-records.ts'
import type { Person } from './identity.ts'
import { codeHashOf } from './invite.ts'
import { newcomerOf } from './newcomer.ts'
import type { Invitation, Newcomer } from './ports.ts'
import { problemPage } from './problem-page.ts'
import type { Provider } from './provider.ts'
import { Refusal } from './refusal.ts'
import { noBrowserCookie } from './secrets.ts'
import { openAccount } from './settle-account.ts'

const SECOND = 1000
const FREE_ATTEMPTS = 5
const BODY_LIMIT = 16 * 1024

interface Arrival {
  readonly newcomer: Newcomer
  readonly provider: Provider
}

/** The routes of the page. */
export function activateRoutes(deps: ProviderDeps): Route[] {
  async function show(request: HttpRequest): Promise<HttpReply> {
    const arrival = await newcomerOf(deps, request)
    return arrival ? ask(deps, request, arrival, 200) : lost(deps, request)
  }

  async function submit(request: HttpRequest): Promise<HttpReply> {
    const arrival = await newcomerOf(deps, request)
    if (!arrival) return lost(deps, request)
    const { person, returnTo } = arrival.newcomer
    if (!deps.csrf.check(request)) return ask(deps, request, arrival, 403, { kind: 'expired' })
    if (request.form.get('as') !== shownAs(person))
      return ask(deps, request, arrival, 409, { kind: 'changed' })
    if (await isKnown(deps, person)) return goOn(deps, request, returnTo)
    const code = request.form.get('code')
    const birthDate = request.form.get('birthdate')
    if (code === undefined || birthDate === undefined)
      return ask(deps, request, arrival, 400, { kind: 'missing' })
    const budgets = budgetsOf(request)
    const waitMs = await deps.throttle.attempt(budgets, deps.now())
    if (waitMs > 0) return slowDown(deps, request, arrival, waitMs)
    const invitation = await loadInvitation(deps, code, birthDate)
    // The form may have been sent twice, and the first one have used the code up meanwhile.
    if (!invitation)
      return (await isKnown(deps, person)) ? goOn(deps, request, returnTo) : wrong(deps, request, arrival)
    await deps.throttle.succeed(budgets)
    return open(deps, request, arrival, invitation)
  }

  return [
    { method: 'GET', path: ACTIVATE_PAGE, handle: show },
    { method: 'POST', path: ACTIVATE_PAGE, bodyLimit: BODY_LIMIT, handle: submit },
  ]
}

/** Of an address, at whatever codes. */
function budgetsOf({ remoteAddress }: HttpRequest): Budget[] {
  return [{ of: `activation\n${networkOf(remoteAddress)}`, free: FREE_ATTEMPTS }]
}

/** The invitation of a code, when the date of birth is that of its patient; a wrong date counts against the code. */
async function loadInvitation(
  deps: ProviderDeps,
  code: string,
  birthDate: string,
): Promise<Invitation | undefined> {
  const hash = codeHashOf(code)
  const invitation = hash === undefined ? undefined : await deps.invitations.find(hash, deps.now())
  if (!invitation) return undefined
  const patient = await deps.records.patient(invitation.patient)
  if (patient?.birthDate === birthDate.trim()) return invitation
  await deps.invitations.fail(invitation.hash)
  return undefined
}

async function open(
  deps: ProviderDeps,
  request: HttpRequest,
  { newcomer, provider }: Arrival,
  invitation: Invitation,
): Promise<HttpReply> {
  const { person, returnTo, secondFactor } = newcomer
  try {
    const staff = { ...person, roles: person.roles.filter((role) => role !== 'patient') }
    const found = { ...(await findRecords(staff, deps.records)), patient: `Patient/${invitation.patient}` }
    if (staff.roles.includes('clinician') && found.practitioner === undefined)
      throw new Refusal('unknown', 'no practitioner is found')
    const account = await openAccount(deps, provider, person, found, request, invitation.hash)
    if (!account && (await isKnown(deps, person))) return await goOn(deps, request, returnTo)
    if (!account) return await wrong(deps, request, { newcomer, provider })
    const { methods, provider: session } = person.proof
    const proven = { account, methods, provider: session, returnTo, secondFactor }
    const reply = await deps.completeSignIn(proven, request)
    return { ...reply, cookies: [...(reply.cookies ?? []), noBrowserCookie] }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    await record(deps, request, provider, `${error.kind}: ${error.detail}`)
    return problemPage(request, error.kind, { returnTo, isLinking: false })
  }
}

async function isKnown(deps: ProviderDeps, { issuer, subject }: Person): Promise<boolean> {
  return (await deps.identities.find(issuer, subject)) !== undefined
}

/** The form was sent twice, and the first one has opened the account: to where they were going, or by way of the sign-in page. */
async function goOn(deps: ProviderDeps, request: HttpRequest, returnTo: string): Promise<HttpReply> {
  return redirect((await deps.sessionOf(request)) ? returnTo : signInUrl(returnTo))
}

async function wrong(deps: ProviderDeps, request: HttpRequest, arrival: Arrival): Promise<HttpReply> {
  await record(deps, request, arrival.provider, 'wrong activation code or date of birth')
  return ask(deps, request, arrival, 401, { kind: 'wrong' })
}

async function slowDown(
  deps: ProviderDeps,
  request: HttpRequest,
  arrival: Arrival,
  waitMs: number,
): Promise<HttpReply> {
  const seconds = Math.ceil(waitMs / SECOND)
  const reply = ask(deps, request, arrival, 429, { kind: 'slow-down', seconds })
  return { ...reply, headers: { ...reply.headers, 'retry-after': String(seconds) } }
}

async function record(
  deps: ProviderDeps,
  request: HttpRequest,
  provider: Provider,
  reason: string,
): Promise<void> {
  await deps.trail.record(signInFailed(actorOf(request), `identity provider ${provider.id}`, '', reason))
}

function ask(
  deps: ProviderDeps,
  request: HttpRequest,
  { newcomer, provider }: Arrival,
  status: number,
  problem?: ActivationProblem,
): HttpReply {
  const { html: csrf, cookies } = deps.csrf.field(request)
  const { person } = newcomer
  const view = { locale: chooseLocale(request), csrf, provider, person, ...(problem && { problem }) }
  return { ...page(status, renderActivate(view)), cookies }
}

function lost(deps: ProviderDeps, request: HttpRequest): HttpReply {
  return problemPage(request, 'lost', { returnTo: deps.home, isLinking: false })
}
