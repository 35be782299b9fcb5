/**
 * `/account/apps`: every app that holds access for the person at the browser, and the button that takes it back.
 * It is the `management_endpoint` of the discovery documents. @see SMART App Launch 2.2, conformance (DISC-27)
 */
import { grantRevoked } from '../audit/event.ts'
import type { Csrf } from '../http/csrf.ts'
import { page, redirect } from '../http/reply.ts'
import type { HttpReply, HttpRequest, Route } from '../http/route.ts'
import { parseGrant, simplify } from '../smart/grant.ts'
import type { UserGrant } from './grant.ts'
import type { GrantLife } from './grant-life.ts'
import { type Lifetimes, longestAccessLifetime } from './lifetimes.ts'
import { type ConnectedApp, connectedAppsPage } from './pages/connected-apps.ts'
import type { ClientStore, GrantStore, PatientDirectory, SignIn, Trail, User } from './ports.ts'
import type { RememberedConsentStore } from './remembered-consent.ts'

const path = '/account/apps'

export interface ConnectedAppsDeps {
  readonly clients: ClientStore
  readonly grants: GrantStore
  readonly rememberedConsents: RememberedConsentStore
  readonly life: GrantLife
  readonly signIn: SignIn
  readonly directory: PatientDirectory
  readonly csrf: Csrf
  readonly audit: Trail
  readonly lifetimes: Lifetimes
  readonly now: () => number
}

/** The page and its button. */
export function connectedAppsRoutes(deps: ConnectedAppsDeps): Route[] {
  return [
    { method: 'GET', path, handle: (request) => forUser(request, deps, (user) => show(request, user, deps)) },
    {
      method: 'POST',
      path,
      handle: (request) => forUser(request, deps, (user) => revoke(request, user, deps)),
    },
  ]
}

async function forUser(
  request: HttpRequest,
  deps: ConnectedAppsDeps,
  work: (user: User) => Promise<HttpReply>,
): Promise<HttpReply> {
  const user = await deps.signIn.currentUser(request)
  return user ? work(user) : redirect(deps.signIn.signInUrl(path, {}))
}

async function show(request: HttpRequest, user: User, deps: ConnectedAppsDeps): Promise<HttpReply> {
  const { html: csrf, cookies } = deps.csrf.field(request)
  const revoked = request.query.get('revoked')
  const content = connectedAppsPage(request, user, await loadApps(user, deps), csrf, revoked !== undefined)
  return { ...page(200, content), cookies }
}

function longestIdle({ refreshToken }: Lifetimes): number {
  return Math.max(refreshToken.public.idle, refreshToken.confidential.idle)
}

/** The person's live grants, by app and record, the newest first. */
async function loadApps(user: User, deps: ConnectedAppsDeps): Promise<ConnectedApp[]> {
  const grants = await deps.grants.liveOf(user.id, {
    // Without a refresh token a grant is of use as long as its one access token.
    madeAfter: deps.now() - longestAccessLifetime(deps.lifetimes),
    refreshedAfter: deps.now() - longestIdle(deps.lifetimes),
  })
  const byApp = Object.entries(Object.groupBy(grants, ({ clientId }) => clientId))
  const apps = byApp.map(async ([clientId, own = []]) => {
    const client = await deps.clients.find(clientId)
    return client && { client, records: await recordsOf(own, user, deps) }
  })
  return (await Promise.all(apps)).filter((app) => app !== undefined)
}

/** Several launches on one record are one line: together they allow what each allows. */
function recordsOf(
  grants: readonly UserGrant[],
  user: User,
  deps: ConnectedAppsDeps,
): Promise<ConnectedApp['records']> {
  const byPatient = Map.groupBy(grants, ({ context }) => context.patient)
  return Promise.all(
    [...byPatient].map(async ([patient, own]) => ({
      patientName: patient && ((await deps.directory.describe(user, patient))?.name ?? patient),
      granted: simplify({ scopes: own.flatMap(({ scope }) => parseGrant(scope).scopes) }),
      allowedAt: Math.max(...own.map(({ createdAt }) => createdAt)),
    })),
  )
}

/** Ends all that one app holds for this person, and forgets what they decided about it; somebody else's grants are not among them. */
async function revoke(request: HttpRequest, user: User, deps: ConnectedAppsDeps): Promise<HttpReply> {
  if (!deps.csrf.check(request)) return redirect(path)
  const client = request.form.get('client') ?? ''
  // First: nothing that is remembered may give back what ends now.
  await deps.rememberedConsents.forget(user.id, client)
  const grants = await deps.grants.liveOf(user.id, { madeAfter: 0, refreshedAfter: 0 })
  for (const grant of grants.filter(({ clientId }) => clientId === client)) {
    await deps.life.end(grant.id)
    await deps.audit.record(grantRevoked({ user: user.id, client: grant.clientId, grant: grant.id }))
  }
  return redirect(`${path}?revoked=1`)
}
