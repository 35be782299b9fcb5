/** Puts the roles together: each is given what it needs from the others, and none knows where that comes from. */
import { randomUUID } from 'node:crypto'
import { createTrail, type Trail } from '../audit/trail.ts'
import { proofAlgorithms } from '../authorization/dpop/proof.ts'
import { type Authorization, createAuthorization } from '../authorization/index.ts'
import type { Lifetimes } from '../authorization/lifetimes.ts'
import { randomIds } from '../authorization/secrets.ts'
import { defaultSections, type Sections } from '../config/sections.ts'
import type { Sandbox } from '../ehr/deps.ts'
import { createEhr, type Ehr } from '../ehr/index.ts'
import type { LaunchCallers } from '../ehr/ports.ts'
import { type App, type AppOptions, createApp } from '../http/app.ts'
import { type Csrf, createCsrf } from '../http/csrf.ts'
import type { Log } from '../http/log.ts'
import type { Outbound } from '../http/outbound.ts'
import { createIdentity, type Identity } from '../identity/index.ts'
import { createDelivery, type Delivery } from '../identity/mail/delivery.ts'
import type { Mailer, Post } from '../identity/mail/ports.ts'
import type { ProviderOptions } from '../identity/providers/deps.ts'
import type { Provider } from '../identity/providers/provider.ts'
import { signInUrl } from '../identity/return-to.ts'
import type { FactorRules } from '../identity/second-factor/factors.ts'
import { createThrottle } from '../identity/throttle.ts'
import { withAuditEvents } from '../resource/audit-events/repository.ts'
import { createFhirApi, type FhirApi } from '../resource/index.ts'
import type { Rights } from '../resource/ports.ts'
import { isSupportedFilter } from '../resource/search/filter.ts'
import type { SitePolicy } from '../smart/policy.ts'
import { uiRoutes } from '../ui/assets.ts'
import { failurePage } from '../ui/error-page.ts'
import { styleDocument } from '../ui/style-document.ts'
import { version } from '../version.ts'
import { administrationRoutes } from './administration.ts'
import { appRoutes, createApps } from './apps.ts'
import { fromEhr, fromIdentity } from './audit.ts'
import { createConsents } from './consents.ts'
import { type Announce, withDepartures, withProviderDepartures } from './departures.ts'
import { createEmergency, EMERGENCIES_LISTED } from './emergency.ts'
import { expireTrail } from './expire-trail.ts'
import { createFhirReader, type FhirReader } from './fhir-reader.ts'
import { createFhirWriter } from './fhir-writer.ts'
import { healthRoutes } from './health.ts'
import { createLaunchCallers } from './launch-callers.ts'
import { createLaunchPeople } from './launch-people.ts'
import { createNames } from './names.ts'
import { createPatientDirectory } from './patient-directory.ts'
import { ehrUserOf, signInAddress, userOf } from './people.ts'
import type { StepUp } from './people-rules.ts'
import { createRecordLookup } from './record-lookup.ts'
import { documentRules, registrationRules } from './registration.ts'
import { createRelations } from './relations.ts'
import { createReleases } from './releases.ts'
import { createRights, type RememberedRights } from './rights.ts'
import { sandboxHelp } from './sandbox.ts'
import type { Stores } from './stores.ts'

/** What all the roles share. */
interface House {
  readonly baseUrl: string
  readonly fhirBase: string
  readonly stores: Stores
  readonly trail: Trail
  readonly csrf: Csrf
  /** The way out to addresses that apps and their owners name. */
  readonly outbound: Outbound
  /** Whether DPoP proofs need a nonce of this server; default no. */
  readonly needsDpopNonce?: boolean
  readonly log: Log
  readonly now: () => number
  readonly sandbox: Sandbox | undefined
  /** The site's policy as it is now. */
  readonly policy: () => SitePolicy
  /** The settings that stand in `chartkey.yaml` only. */
  readonly sections: Sections
  /** How long records of the audit trail are kept, in milliseconds. */
  readonly auditRetention: number
  /** Who must sign in with what; default anybody with a password alone. */
  readonly people?: FactorRules
  /** What needs two factors, given just now; default nothing. */
  readonly stepUp?: StepUp | undefined
  /** Where people may sign in besides; default nowhere. */
  readonly providers?: readonly Provider[]
  /** The longest that one request to a provider may take, in milliseconds; default 5 s. */
  readonly providerLimit?: number
  /** Sends mail; absent where none is sent. */
  readonly mailer?: Mailer | undefined
  /** How long everything that is issued lives; default what the authorization server has by itself. */
  readonly lifetimes?: Lifetimes
  /** Milliseconds after which a signing key gets its successor. */
  readonly rotateKeysEvery?: number
}

export interface AssembleOptions
  extends Pick<
      House,
      | 'baseUrl'
      | 'stores'
      | 'log'
      | 'now'
      | 'outbound'
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
  const announce: Announce = (account, ended) => authorization.announceLogout(account, ended)
  const stores = {
    ...options.stores,
    // On whatever page a session is ended: its apps are told.
    sessions: withDepartures(options.stores.sessions, announce),
    providerSessions: withProviderDepartures(options.stores.providerSessions, announce),
  }
  const house: House = {
    ...options,
    stores,
    sections: options.sections ?? defaultSections(),
    fhirBase: `${baseUrl}/fhir`,
    trail: createTrail(stores.audit, now),
    csrf: createCsrf(stores.secret),
  }
  // Signing in leads back to an authorization, which asks who is signed in: one of the two has to look the other up later.
  const delivery = deliveryOf(house)
  const identity = identityOf(house, delivery, (returnTo) => authorization.formTargets(returnTo))
  const rights = createRights(identity, now)
  const fhir = fhirOf(house, rights, () => authorization)
  const read = createFhirReader(fhir.answer, rights)
  const authorization = await authorizationOf(house, identity, read)
  const callers = createLaunchCallers((token) => authorization.verifyAccessToken(token))
  const ehr = ehrOf(house, { identity, fhir, rights, read, callers })
  const app = createApp({
    routes: [
      ...healthRoutes(stores.isReady),
      ...uiRoutes(),
      ...identity.routes,
      ...authorization.routes,
      ...fhir.routes,
      ...ehr.routes,
      ...administrationRoutes({ ...house, identity, authorization }),
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

function deliveryOf({ stores, mailer, baseUrl, log, now }: House): Delivery | undefined {
  if (!mailer) return undefined
  return createDelivery({
    ...stores,
    mailer,
    throttle: createThrottle(stores.attempts),
    baseUrl,
    now,
    ids: randomIds,
    warn: (error, message) => log.warn({ err: error }, message),
  })
}

function identityOf(
  house: House,
  mail: Post | undefined,
  formTargets: (returnTo: string) => Promise<string[]>,
): Identity {
  const { stores, trail, csrf, log, now, baseUrl, fhirBase, policy, sandbox, people } = house
  return createIdentity({
    accounts: stores.accounts,
    sessions: stores.sessions,
    attempts: stores.attempts,
    tickets: stores.tickets,
    credentials: stores.credentials,
    passkeys: stores.passkeys,
    secret: stores.secret,
    baseUrl,
    rules: people ?? { required: [] },
    relations: createRelations(stores.records, fhirBase, log, now),
    policy,
    consents: createConsents(stores.records, fhirBase, now),
    emergencyAccess: stores.emergencies,
    destinations: { formTargets },
    audit: { record: (event) => trail.record(fromIdentity(event)) },
    csrf,
    now,
    ids: randomIds,
    home: '/',
    providers: providersOf(house),
    ...(mail && { mail }),
    ...(sandbox && { sandbox: sandboxHelp(sandbox) }),
  })
}

function providersOf(house: House): ProviderOptions {
  const { baseUrl, fhirBase, stores, trail, log, providers = [], providerLimit } = house
  const { visits, identities, invitations, providerSessions: sessions } = stores
  return {
    list: providers,
    baseUrl,
    visits,
    identities,
    invitations,
    sessions,
    records: createRecordLookup(stores.records, fhirBase),
    trail,
    log,
    ids: randomIds,
    ...(providerLimit !== undefined && { requestLimit: providerLimit }),
  }
}

function fhirOf(house: House, rights: Rights, authorization: () => Authorization): FhirApi {
  const { baseUrl, fhirBase, stores, trail, log, now } = house
  return createFhirApi({
    repository: withAuditEvents(stores.records, {
      trail: stores.audit,
      names: createNames(stores.accounts, stores.clients, now),
      base: fhirBase,
    }),
    verifier: { verify: (token) => authorization().verifyBoundToken(token) },
    proofs: {
      check: (proof, request) => authorization().checkProof(proof, request),
      nonce: () => authorization().dpopNonce(),
      algorithms: proofAlgorithms,
    },
    rights,
    trail,
    log,
    base: fhirBase,
    pageSecret: stores.secret,
    version,
    oauth: {
      authorize: `${baseUrl}/oauth/authorize`,
      token: `${baseUrl}/oauth/token`,
      manage: `${baseUrl}/account/apps`,
      introspect: `${baseUrl}/oauth/introspect`,
      revoke: `${baseUrl}/oauth/revoke`,
      register: `${baseUrl}/oauth/register`,
    },
    now,
    newId: randomUUID,
  })
}

function authorizationOf(house: House, identity: Identity, read: FhirReader): Promise<Authorization> {
  const { baseUrl, stores, trail, csrf, now, outbound, sandbox, lifetimes, rotateKeysEvery, stepUp } = house
  const documents = documentRules(house.sections, sandbox !== undefined)
  return createAuthorization({
    ...(lifetimes && { lifetimes }),
    ...(rotateKeysEvery !== undefined && { rotateKeysEvery }),
    baseUrl,
    registration: registrationRules(house.sections, sandbox !== undefined),
    registrations: stores.registrations,
    ...(documents && { documents }),
    clients: stores.clients,
    flows: stores.flows,
    pushed: stores.pushed,
    notices: stores.notices,
    grants: stores.grants,
    keys: stores.keys,
    launches: stores.launches,
    replays: stores.replays,
    secret: stores.secret,
    needsDpopNonce: house.needsDpopNonce ?? false,
    outbound,
    ...(stepUp && { stepUp }),
    signIn: {
      currentUser: (request) => userOf(identity, request),
      signInUrl: signInAddress,
      endSession: identity.signOut,
      isSessionLive: identity.isSessionLive,
      isUserActive: identity.isUserActive,
    },
    directory: createPatientDirectory(read, identity, now),
    supportsFilter: isSupportedFilter,
    audit: trail,
    csrf,
    now,
  })
}

function ehrOf(
  house: House,
  {
    identity,
    fhir,
    rights,
    read,
    callers,
  }: {
    identity: Identity
    fhir: FhirApi
    rights: RememberedRights
    read: FhirReader
    callers: LaunchCallers
  },
): Ehr {
  const { baseUrl, fhirBase, stores, trail, csrf, policy, now, sandbox, lifetimes } = house
  return createEhr({
    launches: stores.launches,
    chart: { get: (user, path) => read(user.id, path) },
    audit: { record: (event) => trail.record(fromEhr(event)) },
    fhirBase,
    now,
    ids: randomIds,
    apps: createApps(stores.clients),
    callers,
    people: createLaunchPeople(identity),
    currentUser: { find: (request) => ehrUserOf(identity, request), signInUrl },
    emergency: createEmergency({
      identity,
      stepUp: house.stepUp,
      rights,
      store: stores.emergencies,
      trail,
      policy,
      now,
      newId: randomUUID,
    }),
    releases: createReleases(identity, createFhirWriter(fhir.answer, rights), policy),
    styleUrl: `${baseUrl}${styleDocument.path}`,
    csrf,
    baseUrl,
    ...(lifetimes && { launchLifetime: lifetimes.launch }),
    ...(sandbox && { sandbox }),
  })
}
