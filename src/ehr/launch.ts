/**
 * EHR launches: an opaque handle for one user, one app and one EHR session, good once and for five minutes.
 * @see SMART App Launch 2.2, launch app: EHR launch (LNCH-01..03, LNCH-06)
 */
import { createHash } from 'node:crypto'
import type { LaunchContext } from '../smart/context.ts'
import type { Locale } from '../ui/locale.ts'
import { checkLaunchContext } from './check-launch-context.ts'
import { LaunchRefused } from './launch-refused.ts'
import type { AppSummary, Audit, Chart, EhrUser, LaunchHolder, LaunchStore } from './ports.ts'

const secondMilliseconds = 1000
const minuteMilliseconds = 60 * secondMilliseconds

/** How long a handle may lie between the click and the app's authorization request. */
export const launchLifetimeMilliseconds = 5 * minuteMilliseconds

/** How long the browser of a launch that another system started may take to come. */
export const startLifetimeMilliseconds = 60 * secondMilliseconds

export interface LaunchDeps {
  readonly launches: LaunchStore
  readonly chart: Chart
  readonly audit: Audit
  /** The FHIR base URL, `iss` of every launch. */
  readonly fhirBase: string
  /** How long a handle may lie, in milliseconds; default {@link launchLifetimeMilliseconds}. */
  readonly launchLifetime?: number
  readonly now: () => number
  readonly ids: {
    /** 256 random bits in base64url. */
    secret(): string
  }
}

/** A launch to start: which app, for whom, with what in context. */
export interface LaunchRequest {
  readonly app: AppSummary
  /** Without a session when another system asks: it comes with the browser. */
  readonly user: Pick<EhrUser, 'id'> & Partial<Pick<EhrUser, 'sessionId'>>
  readonly context: LaunchContext
  /** The language in which the user asked, as a hint to the app; none when it is not known. */
  readonly locale?: Locale
  readonly requestId?: string
  /** The system that asks, by its client id. */
  readonly by?: string
  readonly address?: string
  /** When the user signed in to that system, if it says so: milliseconds since 1970. */
  readonly authTime?: number
}

/** A started launch; the handle is in no other place. */
export interface StartedLaunch {
  readonly handle: string
  /** The app's registered launch address with `iss` and `launch`. */
  readonly launchUrl: string
  readonly expiresAt: number
  /** Of a launch without a session: what signs the user's browser in, once. */
  readonly start?: string
}

/** Starts a launch, or throws `LaunchRefused` when the app, the patient or the encounter does not allow it. */
export async function startLaunch(deps: LaunchDeps, request: LaunchRequest): Promise<StartedLaunch> {
  const { app, user } = request
  try {
    const address = checkLaunchable(app)
    const context = await checkLaunchContext(deps.chart, user, request.context)
    const checked = { ...request, context }
    const started = await issueLaunch(deps, checked, address)
    await deps.audit.record({ action: 'launched', ...traceOf(checked) })
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

/**
 * The launch request that goes to the app: its own address, letter by letter, then `iss` and `launch` (LNCH-01, LNCH-02, LNCH-03), which
 * it cannot have of its own. SMART has no word for a language: the hint goes as what OpenID Connect calls it, unless the app's own
 * address says one.
 * @see OpenID Connect Core 1.0 §3.1.2.1 (`ui_locales`), §4
 */
export function launchUrlOf(address: string, fhirBase: string, handle: string, locale?: Locale): string {
  const url = new URL(address)
  const query = url.search.slice(1)
  // As parameters they would be written anew: `%20` would become `+` and `flag` `flag=`, which an app may take for something else.
  const kept = (query === '' ? [] : query.split('&')).filter(
    (pair) => !['iss', 'launch'].includes(nameOf(pair)),
  )
  const hint = locale !== undefined && !kept.some((pair) => nameOf(pair) === 'ui_locales')
  const ours = [
    `iss=${encodeURIComponent(fhirBase)}`,
    `launch=${encodeURIComponent(handle)}`,
    ...(hint ? [`ui_locales=${locale}`] : []),
  ]
  url.search = [...kept, ...ours].join('&')
  return url.href
}

function nameOf(pair: string): string {
  const [name = ''] = new URLSearchParams(pair).keys()
  return name
}

/** What the store keeps of a handle: 256 random bits need no salt. */
export function hashHandle(handle: string): string {
  return createHash('sha256').update(handle).digest('base64url')
}

/** The handle of a launch whose start token this is: so the store needs neither, and the handle tells nothing of the token. */
export function handleOf(start: string): string {
  return createHash('sha256').update(`launch\n${start}`).digest('base64url')
}

function checkLaunchable(app: AppSummary): string {
  if (app.launchUrl === undefined || !URL.canParse(app.launchUrl))
    throw new LaunchRefused('no-launch-address', 'client_id', `${app.clientId} has no launch address`)
  return app.launchUrl
}

async function issueLaunch(
  deps: LaunchDeps,
  request: LaunchRequest,
  address: string,
): Promise<StartedLaunch> {
  const { app, user, context } = request
  const now = deps.now()
  await deps.launches.sweep(now)
  const start = user.sessionId === undefined ? deps.ids.secret() : undefined
  const handle = start === undefined ? deps.ids.secret() : handleOf(start)
  const expiresAt = now + (deps.launchLifetime ?? launchLifetimeMilliseconds)
  await deps.launches.add(
    {
      handleHash: hashHandle(handle),
      clientId: app.clientId,
      userId: user.id,
      ...(user.sessionId !== undefined && { sessionId: user.sessionId }),
      context,
      expiresAt,
      ...(request.authTime !== undefined && { authTime: request.authTime }),
    },
    start === undefined ? undefined : { hash: hashHandle(start), expiresAt: now + startLifetimeMilliseconds },
  )
  const launchUrl = launchUrlOf(address, deps.fhirBase, handle, request.locale)
  return { handle, launchUrl, expiresAt, ...(start !== undefined && { start }) }
}

function traceOf({ app, user, context, requestId, by, address }: LaunchRequest) {
  return {
    clientId: app.clientId,
    userId: user.id,
    ...(by === undefined ? {} : { by }),
    ...(address === undefined ? {} : { address }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(context.patient === undefined ? {} : { patient: context.patient }),
    ...(context.encounter === undefined ? {} : { encounter: context.encounter }),
  }
}
