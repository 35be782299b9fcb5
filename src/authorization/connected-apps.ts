/**
 * `/account/apps`: every app that holds access for the person at the browser, and the button that takes it back.
 * It is the `management_endpoint` of the discovery documents. @see SMART App Launch 2.2, conformance (DISC-27)
 */
import { grantRevoked } from '../audit/event.ts'
import type { Csrf } from '../http/csrf.ts'
import { page, redirect } from '../http/reply.ts'
import type { HttpReply, HttpRequest, Route } from '../http/route.ts'
import { parseGrant, simplify } from '../smart/grant.ts'
import type { Client } from './client.ts'
import type { UserGrant } from './grant.ts'
import type { GrantLife } from './grant-life.ts'
import { type Lifetimes, longestAccessLifetime } from './lifetimes.ts'
import { type ConnectedApp, connectedAppsPage } from './pages/connected-apps.ts'
import type { ClientStore, GrantStore, PatientDirectory, SignIn, Trail, User } from './ports.ts'
import {
  countsUntil,
  mayBeLetThrough,
  type RememberedConsent,
  type RememberedConsentStore,
} from './remembered-consent.ts'

const path = '/account/apps'

export interface ConnectedAppsDeps {
  readonly clients: ClientStore
  readonly grants: GrantStore
  readonly rememberedConsents: RememberedConsentStore
  /** How long a decision is remembered, in milliseconds; 0 for never. */
  readonly rememberFor: number
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

/** The grants by which an app can do something now, or get a token that can. */
async function usableGrants(
  user: User,
  { grants, signIn, lifetimes, now }: ConnectedAppsDeps,
): Promise<UserGrant[]> {
  // Without a refresh token a grant is of use as long as its one access token.
  const given = now() - longestAccessLifetime(lifetimes)
  const [held, fresh] = await Promise.all([
    grants.liveOf(user.id, { madeAfter: given, refreshedAfter: now() - longestIdle(lifetimes) }),
    grants.liveOf(user.id, { madeAfter: given, refreshedAfter: given }),
  ])
  const stillOpen = new Set(fresh.map(({ id }) => id))
  const usable = held.map(async (grant) => {
    // What is for while one is signed in cannot be refreshed afterwards.
    const isUsable =
      stillOpen.has(grant.id) || isOffline(grant) || (await signIn.isSessionLive(grant.sessionId))
    return isUsable ? [grant] : []
  })
  return (await Promise.all(usable)).flat()
}

function isOffline({ scope }: UserGrant): boolean {
  return parseGrant(scope).scopes.some((one) => one.kind === 'refresh' && one.name === 'offline_access')
}

/** The person's grants and the decisions that let an app in again, by app. */
async function loadApps(user: User, deps: ConnectedAppsDeps): Promise<ConnectedApp[]> {
  const [grants, used, remembered] = await Promise.all([
    usableGrants(user, deps),
    deps.grants.lastUsed(user.id),
    deps.rememberedConsents.listOf(user.id, deps.now()),
  ])
  const ids = new Set([...grants, ...remembered].map(({ clientId }) => clientId))
  const apps = [...ids].map(async (id): Promise<ConnectedApp | undefined> => {
    const client = await deps.clients.find(id)
    const own = grants.filter(({ clientId }) => clientId === id)
    const decisions = remembered.filter(({ clientId }) => clientId === id)
    const rememberedUntil = client && letInUntil(client, decisions, deps)
    if (!client || (own.length === 0 && rememberedUntil === undefined)) return undefined
    const records = await recordsOf(own, used, user, deps)
    return { client, records, ...(rememberedUntil !== undefined && { rememberedUntil }) }
  })
  return (await Promise.all(apps)).filter((app) => app !== undefined)
}

/** Until when the app is let in without the page, by the decision that counts longest. */
function letInUntil(
  client: Client,
  decisions: readonly RememberedConsent[],
  deps: ConnectedAppsDeps,
): number | undefined {
  if (!mayBeLetThrough(client)) return undefined
  const until = Math.max(...decisions.map((one) => countsUntil(one, client, deps.rememberFor) ?? 0), 0)
  return until > deps.now() ? until : undefined
}

/** Several launches on one record are one line: together they allow what each allows. */
function recordsOf(
  grants: readonly UserGrant[],
  used: ReadonlyMap<string, number>,
  user: User,
  deps: ConnectedAppsDeps,
): Promise<ConnectedApp['records']> {
  const byPatient = Map.groupBy(grants, ({ context }) => context.patient)
  return Promise.all(
    [...byPatient].map(async ([patient, own]) => {
      const usedAt = Math.max(...own.map(({ id }) => used.get(id) ?? 0))
      return {
        patientName: patient && ((await deps.directory.describe(user, patient))?.name ?? patient),
        granted: simplify({ scopes: own.flatMap(({ scope }) => parseGrant(scope).scopes) }),
        allowedAt: Math.max(...own.map(({ createdAt }) => createdAt)),
        ...(usedAt > 0 && { usedAt }),
      }
    }),
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
