/** The authorization server: its routes, and what other parts of the server ask of it. */
import type { Csrf } from '../http/csrf.ts'
import type { Outbound } from '../http/outbound.ts'
import type { HttpReply, HttpRequest, Route } from '../http/route.ts'
import { failurePage } from '../ui/error-page.ts'
import { chooseLocale } from '../ui/locale.ts'
import { messages } from '../ui/messages.ts'
import type { StepUpRule } from './authorize/check-step-up.ts'
import type { showFlow } from './authorize/flow-page.ts'
import { formTargets } from './authorize/flow-path.ts'
import { createClientKeys } from './client-keys/index.ts'
import { connectedAppsRoutes } from './connected-apps.ts'
import { createNonces } from './dpop/nonce.ts'
import { checkProof, type ProofDeps, type ProofResult, type ProvenRequest } from './dpop/proof.ts'
import { FORGOTTEN_AFTER } from './durations.ts'
import { OAuthError } from './errors.ts'
import { createGrantLife } from './grant-life.ts'
import { type IntrospectDeps, introspectionRoute } from './introspect/index.ts'
import { createGrantReader } from './introspect/token-state.ts'
import { createSigner } from './jwt.ts'
import { createKeys } from './keys.ts'
import { defaultLifetimes, type Lifetimes, longestSigned } from './lifetimes.ts'
import { deliverLogouts } from './logout/deliver.ts'
import type { LogoutDeps } from './logout/index.ts'
import type { LogoutNoticeStore } from './logout/notice.ts'
import { type Brands, metadataRoutes } from './metadata.ts'
import { offlineReminder, type ReminderStore } from './offline-reminder.ts'
import { formPostScript } from './pages/form-post.ts'
import type { par } from './par.ts'
import type {
  ClientStore,
  FilterSupport,
  FlowStore,
  GrantStore,
  KeyStore,
  LaunchStore,
  PatientDirectory,
  ReplayStore,
  Sealer,
  SignIn,
  Trail,
} from './ports.ts'
import type { PushedRequestStore } from './pushed-request.ts'
import {
  appsOnRecord,
  type DocumentRules,
  isSwitchedOff,
  withDocuments,
} from './registration/document-clients.ts'
import { createIssuerKeys } from './registration/issuer-keys.ts'
import type { RegistrationStore } from './registration/ports.ts'
import { createRegistry, type Registry } from './registration/registry.ts'
import { registrationRoutes } from './registration/routes.ts'
import type { RegistrationRules } from './registration/rules.ts'
import { REMEMBERED_FOR, type RememberedConsentStore } from './remembered-consent.ts'
import { type RevokeDeps, revocationRoute } from './revoke.ts'
import { type Ids, randomIds } from './secrets.ts'
import { tokenFailure } from './token/form.ts'
import { token } from './token/index.ts'
import { type UserinfoDeps, userinfoRoute } from './userinfo.ts'
import { createTokenVerifier, type VerifiedToken, type VerifyAccessToken } from './verify.ts'

const KIB = 1024
/** An assertion has 8,192 characters at most; an exchange carries two tokens, each of which fits into a header. */
const TOKEN_BODY_BYTES = 64 * KIB
/** A box for each scope of a long request, in its parts, encoded. */
const FLOW_BODY_BYTES = 256 * KIB

export interface AuthorizationOptions {
  /** What the outside calls this server, without a trailing slash: the issuer. The FHIR base is `/fhir` below it. */
  readonly baseUrl: string
  /** Told in discovery; default nothing. */
  readonly brands?: Brands
  readonly registration: RegistrationRules
  readonly registrations: RegistrationStore
  /** Whether, and how far, apps are believed whose `client_id` is the address of a metadata document. */
  readonly documents?: DocumentRules
  readonly clients: ClientStore
  readonly flows: FlowStore
  readonly pushed: PushedRequestStore
  readonly rememberedConsents: RememberedConsentStore
  readonly reminders: ReminderStore
  /** How long what people decide about apps is remembered, in milliseconds; 0 for never, default 365 days. */
  readonly rememberFor?: number
  readonly notices: LogoutNoticeStore
  readonly grants: GrantStore
  readonly keys: KeyStore
  /** Milliseconds after which a signing key gets its successor; default 90 days. */
  readonly rotateKeysEvery?: number
  /** Default {@link defaultLifetimes}. */
  readonly lifetimes?: Lifetimes
  readonly launches: LaunchStore
  readonly replays: ReplayStore
  /** 256 random bits, the same on all nodes. */
  readonly secret: string
  /** Whether DPoP proofs need a nonce of this server; default no. */
  readonly needsDpopNonce?: boolean
  /** Seals what only who has the secret may open; secrets have 256 bits. */
  readonly sealerOf: (secret: string) => Sealer
  readonly signIn: SignIn
  /** What the site demands a second factor for; default nothing. */
  readonly stepUp?: StepUpRule
  readonly directory: PatientDirectory
  readonly supportsFilter: FilterSupport
  readonly audit: Trail
  readonly csrf: Csrf
  /** The way out to addresses that apps registered. */
  readonly outbound: Pick<Outbound, 'get' | 'post'>
  readonly now: () => number
  readonly ids?: Ids
}

export interface Authorization {
  readonly routes: readonly Route[]
  /** Of a bearer token; nothing also when it is bound to a key. */
  readonly verifyAccessToken: VerifyAccessToken
  /** Of a token that may be bound to a key: whoever asks has to check the proof. */
  readonly verifyBoundToken: VerifyAccessToken
  /** Checks the DPoP proof of a request with a token. @see RFC 9449 §7 */
  checkProof(proof: string, request: ProvenRequest): Promise<ProofResult>
  /** A nonce for the next proof. */
  dpopNonce(): string
  /** Where a form of the sign-in page may end, for `formActions`. */
  formTargets(returnTo: string): Promise<string[]>
  /** Whether an app is registered at this origin (CORS-02). */
  allowsOrigin(origin: string): Promise<boolean>
  /** Ends a grant: its tokens stop working at once. */
  revokeGrant(grantId: string): Promise<void>
  /** The apps as they are on record: those of documents are disabled where documents are off. */
  readonly appsOnRecord: Pick<ClientStore, 'find' | 'list'>
  /** What can be done to apps, for administration. */
  readonly registry: Registry
  /** To be called after an app was disabled or changed. */
  clientsChanged(): void
  /** Tells apps of the sessions that are over; to be called every few seconds. */
  deliverLogouts(): Promise<void>
  /** The names of apps that hold offline access, if it is time to tell this person of them; who asks has to tell. */
  readonly offlineReminder: (userId: string) => Promise<readonly string[]>
  /** Takes up what other nodes did to the signing keys; to be called every few seconds. */
  refresh(): Promise<void>
  /** Forgets what is over, and makes new signing keys when it is time; to be called now and then. */
  sweep(): Promise<void>
}

const DEFAULT_ROTATION = 90 * 24 * 60 * 60 * 1000

/** Puts the authorization server together; loads its keys, and makes them on first start. */
export async function createAuthorization(options: AuthorizationOptions): Promise<Authorization> {
  const { baseUrl, clients, flows, grants, now, lifetimes = defaultLifetimes } = options
  const keys = await createKeys(options.keys, now, {
    rotateEvery: options.rotateKeysEvery ?? DEFAULT_ROTATION,
    longestSigned: longestSigned(lifetimes),
  })
  const life = createGrantLife(grants, now)
  const fhirBase = `${baseUrl}/fhir`
  const verifyBoundToken = createTokenVerifier({
    keys,
    issuer: baseUrl,
    audience: fhirBase,
    life,
    grants,
    isSwitchedOff: (clientId) => isSwitchedOff(clientId, options.documents),
    now,
  })
  const onRecord = appsOnRecord(clients, options.documents)
  const changed = () => life.forget()
  const deps = {
    ...options,
    clients: withDocuments({ ...options, changed, documents: options.documents }),
    storedClients: clients,
    onRecord,
    hasDocuments: options.documents !== undefined,
    keys,
    lifetimes,
    rememberFor: options.rememberFor ?? REMEMBERED_FOR,
    life,
    fhirBase,
    changed,
    keysAt: createIssuerKeys(options.outbound, now),
    clientKeys: createClientKeys(options),
    proofs: proofDepsOf(options),
    verifyAccessToken: async (text: string) => unbound(await verifyBoundToken(text)),
    verifyBoundToken,
    ids: options.ids ?? randomIds,
    signAccessToken: createSigner(() => keys.signing.ES256, 'at+jwt'),
    signIdToken: createSigner(() => keys.signing.RS256, 'JWT'),
    signLogoutToken: createSigner(() => keys.signing.RS256, 'logout+jwt'),
    // Each kind of signed answer has a type of its own, so that none is taken for another (RFC 8725 §3.11).
    signUserinfo: createSigner(() => keys.signing.RS256, 'userinfo+jwt'),
    signIntrospection: createSigner(() => keys.signing.RS256, 'token-introspection+jwt'),
    loadGrant: createGrantReader(grants, now),
  }
  return {
    routes: routesOf(deps),
    verifyAccessToken: deps.verifyAccessToken,
    verifyBoundToken,
    checkProof: (proof, request) => checkProof(proof, request, deps.proofs),
    dpopNonce: () => deps.proofs.nonces.make(),
    formTargets: (returnTo) => formTargets(returnTo, flows),
    allowsOrigin: (origin) => onRecord.hasOrigin(origin),
    registry: createRegistry(deps),
    revokeGrant: (grantId) => life.end(grantId),
    clientsChanged: () => life.forget(),
    appsOnRecord: onRecord,
    // Nobody is asked for a document because somebody signed out: what is on record says whom to tell.
    deliverLogouts: () => deliverLogouts({ ...deps, clients: onRecord }),
    offlineReminder: (userId) => offlineReminder(userId, { ...options, clients: onRecord, lifetimes }),
    refresh: () => keys.reload(),
    async sweep() {
      await flows.sweep(now())
      await options.pushed.sweep(now())
      await options.rememberedConsents.sweep(now())
      await grants.sweep(now())
      await options.registrations.sweep(now() - FORGOTTEN_AFTER)
      await options.replays.sweep(now())
      await options.notices.sweep(now() - FORGOTTEN_AFTER)
      await keys.tend()
    },
  }
}

/** Without the key that it is bound to a token is worth nothing. */
function unbound(token: VerifiedToken | undefined): VerifiedToken | undefined {
  return token?.jkt === undefined ? token : undefined
}

function proofDepsOf({ replays, secret, needsDpopNonce = false, now }: AuthorizationOptions): ProofDeps {
  return { replays, nonces: createNonces(secret, now), needsNonce: needsDpopNonce, now }
}

type RouteDeps = {
  readonly storedClients: ClientStore
  readonly onRecord: Pick<ClientStore, 'find'>
} & Parameters<typeof showFlow>[1] &
  Parameters<typeof connectedAppsRoutes>[0] &
  Parameters<typeof registrationRoutes>[0] &
  Parameters<typeof token>[1] &
  Parameters<typeof par>[1] &
  LogoutDeps &
  Parameters<typeof metadataRoutes>[0] &
  IntrospectDeps &
  RevokeDeps &
  UserinfoDeps

/** What people see is loaded with the first of them who comes: apps that act for themselves and those that refresh never do. */
const authorizing = () => import('./authorize/index.ts')
const flow = () => import('./authorize/flow-page.ts')
const logout = () => import('./logout/index.ts')

function routesOf(deps: RouteDeps): Route[] {
  const signingOut: LogoutDeps = { ...deps, clients: deps.onRecord }
  return [
    {
      method: ['GET', 'POST'],
      path: '/oauth/authorize',
      handle: inPlace(async (request) => (await authorizing()).authorize(request, deps)),
    },
    {
      method: 'GET',
      path: '/oauth/flow/:id',
      handle: inPlace(async (request) => (await flow()).showFlow(request, deps)),
    },
    {
      method: 'POST',
      path: '/oauth/flow/:id',
      bodyLimit: FLOW_BODY_BYTES,
      handle: inPlace(async (request) => (await flow()).answerFlow(request, deps)),
    },
    {
      method: 'POST',
      path: '/oauth/token',
      cors: 'registered',
      bodyLimit: TOKEN_BODY_BYTES,
      handle: (request) => token(request, deps),
      failure: tokenFailure,
    },
    introspectionRoute(deps),
    revocationRoute(deps),
    userinfoRoute({ ...deps, clients: deps.onRecord }),
    {
      method: 'POST',
      path: '/oauth/par',
      cors: 'registered',
      handle: async (request) => (await import('./par.ts')).par(request, deps),
      failure: tokenFailure,
    },
    {
      method: 'GET',
      path: '/oauth/logout',
      handle: inPlace(async (request) => (await logout()).showLogout(request, signingOut)),
    },
    {
      method: 'POST',
      path: '/oauth/logout',
      handle: inPlace(async (request) => (await logout()).answerLogout(request, signingOut)),
    },
    formPostScript,
    ...registrationRoutes(deps),
    // What somebody allowed can be taken back whether the app's document can be had or not.
    ...connectedAppsRoutes({ ...deps, clients: deps.storedClients }),
    ...metadataRoutes(deps),
  ]
}

/** An error that may not go to an app is told to the user where it happened (RFC-01). */
function inPlace(handle: (request: HttpRequest) => Promise<HttpReply>): Route['handle'] {
  return async (request) => {
    try {
      return await handle(request)
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error
      const words = messages(chooseLocale(request)).flow.problems[error.message]
      return failurePage(error.kind.status, error.text, request.id, request, words)
    }
  }
}
