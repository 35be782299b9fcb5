/**
 * `POST /ehr/launches`: another system launches an app for one of its users, whose browser it then sends to `start_url`.
 * Everything is checked before anything is stored. @see docs/guides/launching-apps.md; LNCH-02, LNCH-03, LNCH-06
 */
import { json } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import {
  launchLifetimeMilliseconds,
  type StartedLaunch,
  startLaunch,
  startLifetimeMilliseconds,
} from '../launch.ts'
import { type LaunchRefusal, LaunchRefused } from '../launch-refused.ts'
import type { AppSummary, LaunchCaller, LaunchPerson } from '../ports.ts'
import { authenticateCaller } from './authenticate.ts'
import type { LaunchApiDeps } from './deps.ts'
import { errorReply, LaunchApiError, wrongMember } from './errors.ts'
import { type LaunchOrder, parseOrder } from './parse-order.ts'
import { startUrlOf } from './start-url.ts'

const secondMilliseconds = 1000
const clockSkewMilliseconds = 60 * secondMilliseconds

/** Answers an order of the launch API. */
export async function orderLaunch(deps: LaunchApiDeps, request: HttpRequest): Promise<HttpReply> {
  let caller: LaunchCaller | undefined
  try {
    caller = await authenticateCaller(request.headers.authorization, deps.callers)
    const order = parseOrder(request)
    const app = await loadApp(deps, order)
    const { id } = await loadPerson(deps, order)
    const authTime = checkAuthTime(order, deps.now())
    const started = await startLaunch(deps, {
      app,
      user: { id },
      context: order.context,
      requestId: request.id,
      by: caller.clientId,
      address: request.remoteAddress,
      ...(authTime !== undefined && { authTime }),
    })
    return created(deps, started)
  } catch (error) {
    // Launches that are refused for what they carry are on record already.
    if (error instanceof LaunchRefused) return errorReply(wrongContext(error))
    if (!(error instanceof LaunchApiError)) throw error
    await recordRefusal(deps, request, caller, error)
    return errorReply(error)
  }
}

async function loadApp({ apps }: LaunchApiDeps, { clientId }: LaunchOrder): Promise<AppSummary> {
  const app = await apps.find(clientId)
  if (!app) throw wrongMember('client_id', 'no app of that id is registered here, or it is disabled')
  return app
}

async function loadPerson({ people }: LaunchApiDeps, { user }: LaunchOrder): Promise<LaunchPerson> {
  const person = await people.findNamed(user)
  if (!person)
    throw wrongMember(
      'user',
      'an account name, or the FHIR reference of a person with an account, is expected; the account must be enabled and no administrator’s',
    )
  return person
}

/** When the user signed in there, in milliseconds; nobody signs in tomorrow, but clocks differ by a little. */
function checkAuthTime({ authTime }: LaunchOrder, now: number): number | undefined {
  if (authTime === undefined) return undefined
  if (authTime * secondMilliseconds > now + clockSkewMilliseconds)
    throw wrongMember('auth_time', 'whole seconds since 1970 are expected, and none in the future')
  return Math.min(authTime * secondMilliseconds, now)
}

const texts: Readonly<Record<Exclude<LaunchRefusal, 'bad-context'>, string>> = {
  'no-launch-address': 'the app has no launch address (initiate_login_uri)',
  'unknown-patient': 'there is no such Patient, or the user may not open the record',
  'unknown-encounter': 'there is no such Encounter, or the user may not see it',
  'encounter-of-another': 'the Encounter is not of the patient of this launch',
  'unknown-reference': 'there is no such resource, or the user may not see it',
  'reference-of-another': 'it is of another patient, which needs a role other than launch',
  'references-disagree':
    'it is of another patient than an item before it, which needs a role other than launch',
}

/** What is wrong with the form of a context is no secret: the caller wrote it. */
function wrongContext({ reason, member, detail }: LaunchRefused): LaunchApiError {
  return wrongMember(member, reason === 'bad-context' ? detail.slice(member.length + 2) : texts[reason])
}

function created(deps: LaunchApiDeps, { handle, launchUrl, start: token = '' }: StartedLaunch): HttpReply {
  return json(201, {
    launch: handle,
    launch_url: launchUrl,
    start_url: startUrlOf(deps.baseUrl, token),
    expires_in: Math.floor((deps.launchLifetime ?? launchLifetimeMilliseconds) / 1000),
    start_expires_in: startLifetimeMilliseconds / 1000,
  })
}

async function recordRefusal(
  { audit }: LaunchApiDeps,
  request: HttpRequest,
  caller: LaunchCaller | undefined,
  error: LaunchApiError,
): Promise<void> {
  await audit.record({
    action: 'launch-refused',
    requestId: request.id,
    address: request.remoteAddress,
    ...(caller && { by: caller.clientId }),
    detail: error.member === undefined ? error.message : error.text.slice(0, 300),
  })
}
