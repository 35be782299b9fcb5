/**
 * EHR launches: an opaque handle for one user, one app and one EHR session, good once and for five minutes.
 * @see SMART App Launch 2.2, launch app: EHR launch (LNCH-01..03, LNCH-06)
 */
import { createHash } from 'node:crypto'
import type { LaunchContext } from '../smart/context.ts'
import { checkLaunchContext } from './check-launch-context.ts'
import { LaunchRefused } from './launch-refused.ts'
import type { AppSummary, Audit, Chart, EhrUser, LaunchHolder, LaunchStore } from './ports.ts'

const minuteMilliseconds = 60_000

/** How long a handle may lie between the click and the app's authorization request. */
export const launchLifetimeMilliseconds = 5 * minuteMilliseconds

export interface LaunchDeps {
  readonly launches: LaunchStore
  readonly chart: Chart
  readonly audit: Audit
  /** The FHIR base URL, `iss` of every launch. */
  readonly fhirBase: string
  readonly now: () => number
  readonly ids: {
    /** 256 random bits in base64url. */
    secret(): string
  }
}

/** A launch to start: which app, for whom, with what in context. */
export interface LaunchRequest {
  readonly app: AppSummary
  readonly user: EhrUser
  readonly context: LaunchContext
  readonly requestId?: string
}

/** A started launch; the handle is in no other place. */
export interface StartedLaunch {
  readonly handle: string
  /** The app's registered launch address with `iss` and `launch`. */
  readonly launchUrl: string
  readonly expiresAt: number
}

/** Starts a launch, or throws `LaunchRefused` when the app, the patient or the encounter does not allow it. */
export async function startLaunch(deps: LaunchDeps, request: LaunchRequest): Promise<StartedLaunch> {
  const { app, user, context } = request
  try {
    const address = checkLaunchable(app)
    await checkLaunchContext(deps.chart, user, context)
    const started = await issueLaunch(deps, request, address)
    await deps.audit.record({ action: 'launched', ...traceOf(request) })
    return started
  } catch (error) {
    if (error instanceof LaunchRefused)
      await deps.audit.record({ action: 'launch-refused', ...traceOf(request), detail: error.detail })
    throw error
  }
}

/** Uses up the launch behind `handle`, if it is this holder's; anyone else's try leaves it in place (LNCH-06). */
export async function takeLaunch(
  deps: Pick<LaunchDeps, 'launches' | 'now'>,
  handle: string,
  holder: LaunchHolder,
): Promise<LaunchContext | undefined> {
  const launch = await deps.launches.take(hashHandle(handle), holder, deps.now())
  return launch?.context
}

/** The context of a launch that is still waiting for its app, which it stays. */
export async function waitingLaunch(
  deps: Pick<LaunchDeps, 'launches' | 'now'>,
  handle: string,
  holder: LaunchHolder,
): Promise<LaunchContext | undefined> {
  const launch = await deps.launches.find(hashHandle(handle), holder, deps.now())
  return launch?.context
}

/** The launch request that goes to the app: its own address, its own query first, then `iss` and `launch` (LNCH-02, LNCH-03). */
export function launchUrlOf(address: string, fhirBase: string, handle: string): string {
  const url = new URL(address)
  url.searchParams.set('iss', fhirBase)
  url.searchParams.set('launch', handle)
  return url.href
}

/** What the store keeps of a handle: 256 random bits need no salt. */
export function hashHandle(handle: string): string {
  return createHash('sha256').update(handle).digest('base64url')
}

function checkLaunchable(app: AppSummary): string {
  if (app.launchUrl === undefined || !URL.canParse(app.launchUrl))
    throw new LaunchRefused('no-launch-address', `${app.clientId} has no launch address`)
  return app.launchUrl
}

async function issueLaunch(
  deps: LaunchDeps,
  request: LaunchRequest,
  address: string,
): Promise<StartedLaunch> {
  await deps.launches.sweep(deps.now())
  const handle = deps.ids.secret()
  const expiresAt = deps.now() + launchLifetimeMilliseconds
  await deps.launches.add({
    handleHash: hashHandle(handle),
    clientId: request.app.clientId,
    userId: request.user.id,
    sessionId: request.user.sessionId,
    context: request.context,
    expiresAt,
  })
  return { handle, launchUrl: launchUrlOf(address, deps.fhirBase, handle), expiresAt }
}

function traceOf({ app, user, context, requestId }: LaunchRequest) {
  return {
    clientId: app.clientId,
    userId: user.id,
    ...(requestId === undefined ? {} : { requestId }),
    ...(context.patient === undefined ? {} : { patient: context.patient }),
    ...(context.encounter === undefined ? {} : { encounter: context.encounter }),
  }
}
