/** Puts the roles together: each is given what it needs from the others, and none knows where that comes from. */
import { createTrail } from '../audit/trail.ts'
import { defaultSections, type Sections } from '../config/sections.ts'
import { type App, type AppOptions, createApp } from '../http/app.ts'
import { createCsrf } from '../http/csrf.ts'
import { uiRoutes } from '../ui/assets.ts'
import { failurePage } from '../ui/error-page.ts'
import { administrationRoutes } from './administration.ts'
import { appRoutes } from './apps.ts'
import { EMERGENCIES_LISTED } from './emergency.ts'
import { expireTrail } from './expire-trail.ts'
import { createFhirReader } from './fhir-reader.ts'
import { healthRoutes } from './health.ts'
import type { House } from './house.ts'
import { createHouseCallers } from './house-callers.ts'
import { createRights } from './rights.ts'
import { authorizationOf } from './roles/authorization.ts'
import { deliveryOf } from './roles/delivery.ts'
import { ehrOf } from './roles/ehr.ts'
import { fhirOf } from './roles/fhir.ts'
import { identityOf } from './roles/identity.ts'

export interface AssembleOptions
  extends Pick<
      House,
      | 'baseUrl'
      | 'stores'
      | 'log'
      | 'now'
      | 'outbound'
      | 'asksOwnMachine'
      | 'sandbox'
      | 'policy'
      | 'auditRetention'
      | 'people'
      | 'needsDpopNonce'
      | 'stepUp'
      | 'providers'
      | 'providerLimit'
      | 'mailer'
      | 'lifetimes'
      | 'rotateKeysEvery'
    >,
    Pick<AppOptions, 'trustedProxies' | 'certificate' | 'limits'> {
  /** Default what they are when nothing is set. */
  readonly sections?: Sections
}

export interface Assembled {
  readonly app: App
  /** Takes up what other nodes did to the signing keys; to be called every few seconds. */
  refresh(): Promise<void>
  /** Forgets what is over; to be called now and then. */
  sweep(): Promise<void>
  /** Tells apps of sessions that are over; to be called every few seconds. */
  deliverLogouts(): Promise<void>
  /** Sends letters that wait, those of other nodes too; to be called every few seconds. Never rejects. */
  sendMail(): Promise<void>
}

/** Everything but the open port. */
export async function assemble(options: AssembleOptions): Promise<Assembled> {
  const { baseUrl, now } = options
  const { stores } = options
  const house: House = {
    ...options,
    sections: options.sections ?? defaultSections(),
    fhirBase: `${baseUrl}/fhir`,
    trail: createTrail(stores.audit, now),
    csrf: createCsrf(stores.secret),
  }
  // Signing in leads back to an authorization, which asks who is signed in: one of the two has to look the other up later.
  const delivery = deliveryOf(house)
  const identity = await identityOf(house, delivery, (returnTo) => authorization.formTargets(returnTo))
  const rights = createRights(identity, now)
  const fhir = fhirOf(house, identity, rights, () => authorization)
  const read = createFhirReader(fhir.answer, rights)
  const authorization = await authorizationOf(house, identity, read)
  const callers = createHouseCallers(authorization.verifyAccessToken, authorization.appsOnRecord)
  const ehr = ehrOf(house, { identity, fhir, rights, read, callers, authorization })
  const app = createApp({
    routes: [
      ...healthRoutes(stores.isReady),
      ...uiRoutes(),
      ...identity.routes,
      ...authorization.routes,
      ...fhir.routes,
      ...ehr.routes,
      ...administrationRoutes({ ...house, identity, authorization, callers }),
      ...(house.sandbox ? appRoutes() : []),
    ],
    log: house.log,
    baseUrl,
    allowsOrigin: authorization.allowsOrigin,
    // Only the sandbox's EHR embeds pages, and only its own.
    frameAncestors: house.sandbox ? ["'self'"] : [],
    failurePage,
    ...(options.trustedProxies && { trustedProxies: options.trustedProxies }),
    ...(options.certificate && { certificate: options.certificate }),
    ...(options.limits && { limits: options.limits }),
  })
  return {
    app,
    deliverLogouts: () => authorization.deliverLogouts(),
    sendMail: async () => delivery?.work(),
    refresh: authorization.refresh,
    sweep: async () =>
      void (await Promise.all([
        identity.sweep(),
        authorization.sweep(),
        stores.emergencies.sweep(now() - EMERGENCIES_LISTED),
        expireTrail(stores.audit, now() - house.auditRetention),
      ])),
  }
}
