/** The authorization server: its routes, and what other parts of the server ask of it. */
import type { Csrf } from '../http/csrf.ts'
import type { Outbound } from '../http/outbound.ts'
import type { HttpReply, HttpRequest, Route } from '../http/route.ts'
import { failurePage } from '../ui/error-page.ts'
import { answerFlow, showFlow } from './authorize/flow-page.ts'
import { formTargets } from './authorize/flow-path.ts'
import { authorize } from './authorize/index.ts'
import { createClientKeys } from './client-keys/index.ts'
import { connectedAppsRoutes } from './connected-apps.ts'
import { FORGOTTEN_AFTER } from './durations.ts'
import { OAuthError } from './errors.ts'
import { createGrantLife } from './grant-life.ts'
import { createSigner } from './jwt.ts'
import { loadKeys } from './keys.ts'
import { metadataRoutes } from './metadata.ts'
import { formPostScript } from './pages/form-post.ts'
import { par } from './par.ts'
import type {
  ClientStore,
  FilterSupport,
  FlowStore,
  GrantStore,
  KeyStore,
  LaunchStore,
  PatientDirectory,
  ReplayStore,
  SignIn,
  Trail,
} from './ports.ts'
import type { PushedRequestStore } from './pushed-request.ts'
import { type DocumentRules, withDocuments } from './registration/document-clients.ts'
import { createIssuerKeys } from './registration/issuer-keys.ts'
import type { RegistrationStore } from './registration/ports.ts'
import { createRegistry, type Registry } from './registration/registry.ts'
import { registrationRoutes } from './registration/routes.ts'
import type { RegistrationRules } from './registration/rules.ts'
import { type Ids, randomIds } from './secrets.ts'
import { token, tokenFailure } from './token/index.ts'
import { createTokenVerifier, type VerifiedToken } from './verify.ts'

/** A form holds what an address could hold, and not much more: anybody may send one. */
const AUTHORIZE_BODY_BYTES = 128 * 1024

export interface AuthorizationOptions {
  /** What the outside calls this server, without a trailing slash: the issuer. The FHIR base is `/fhir` below it. */
  readonly baseUrl: string
  readonly registration: RegistrationRules
  readonly registrations: RegistrationStore
  /** Whether, and how far, apps are believed whose `client_id` is the address of a metadata document. */
  readonly documents?: DocumentRules
  readonly clients: ClientStore
  readonly flows: FlowStore
  readonly pushed: PushedRequestStore
  readonly grants: GrantStore
  readonly keys: KeyStore
  readonly launches: LaunchStore
  readonly replays: ReplayStore
  /** The way out to addresses that apps name. */
  readonly outbound: Pick<Outbound, 'get' | 'post'>
  readonly signIn: SignIn
  readonly directory: PatientDirectory
  readonly supportsFilter: FilterSupport
  readonly audit: Trail
  readonly csrf: Csrf
  readonly now: () => number
  readonly ids?: Ids
}

export interface Authorization {
  readonly routes: readonly Route[]
  /** The content of an access token; nothing when it is not ours, expired or revoked. */
  verifyAccessToken(token: string): Promise<VerifiedToken | undefined>
  /** Where a form of the sign-in page may end, for `formActions`. */
  formTargets(returnTo: string): Promise<string[]>
  /** Whether an app is registered at this origin (CORS-02). */
  allowsOrigin(origin: string): Promise<boolean>
  /** Ends a grant: its tokens stop working at once. */
  revokeGrant(grantId: string): Promise<void>
  /** What can be done to apps, for administration. */
  readonly registry: Registry
  /** To be called after an app was disabled or changed. */
  clientsChanged(): void
  /** Forgets what is over; to be called now and then. */
  sweep(): Promise<void>
}

/** Puts the authorization server together; loads its keys, and makes them on first start. */
export async function createAuthorization(options: AuthorizationOptions): Promise<Authorization> {
  const { baseUrl, clients, flows, grants, now } = options
  const keys = await loadKeys(options.keys, now())
  const life = createGrantLife(grants, now)
  const fhirBase = `${baseUrl}/fhir`
  const changed = () => life.forget()
  const deps = {
    ...options,
    clients: withDocuments({ ...options, changed, documents: options.documents }),
    storedClients: clients,
    hasDocuments: options.documents !== undefined,
    keys,
    life,
    fhirBase,
    ids: options.ids ?? randomIds,
    changed,
    keysAt: createIssuerKeys(options.outbound, now),
    clientKeys: createClientKeys(options),
    signAccessToken: createSigner(keys.signing.ES256, 'at+jwt'),
    signIdToken: createSigner(keys.signing.RS256, 'JWT'),
  }
  return {
    routes: routesOf(deps),
    verifyAccessToken: createTokenVerifier({
      keys,
      issuer: baseUrl,
      audience: fhirBase,
      isGrantLive: life.isLive,
      now,
    }),
    formTargets: (returnTo) => formTargets(returnTo, flows),
    allowsOrigin: (origin) => clients.hasOrigin(origin),
    registry: createRegistry(deps),
    revokeGrant: (grantId) => life.end(grantId),
    clientsChanged: () => life.forget(),
    async sweep() {
      await flows.sweep(now())
      await options.pushed.sweep(now())
      await grants.sweep(now())
      await options.registrations.sweep(now() - FORGOTTEN_AFTER)
      await options.replays.sweep(now())
    },
  }
}

type RouteDeps = { readonly storedClients: ClientStore } & Parameters<typeof showFlow>[1] &
  Parameters<typeof connectedAppsRoutes>[0] &
  Parameters<typeof registrationRoutes>[0] &
  Parameters<typeof token>[1] &
  Parameters<typeof par>[1] &
  Parameters<typeof metadataRoutes>[0]

function routesOf(deps: RouteDeps): Route[] {
  return [
    {
      method: ['GET', 'POST'],
      path: '/oauth/authorize',
      bodyLimit: AUTHORIZE_BODY_BYTES,
      handle: inPlace((request) => authorize(request, deps)),
    },
    { method: 'GET', path: '/oauth/flow/:id', handle: inPlace((request) => showFlow(request, deps)) },
    { method: 'POST', path: '/oauth/flow/:id', handle: inPlace((request) => answerFlow(request, deps)) },
    {
      method: 'POST',
      path: '/oauth/token',
      cors: 'registered',
      handle: (request) => token(request, deps),
      failure: tokenFailure,
    },
    {
      method: 'POST',
      path: '/oauth/par',
      cors: 'registered',
      bodyLimit: AUTHORIZE_BODY_BYTES,
      handle: (request) => par(request, deps),
      failure: tokenFailure,
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
      return failurePage(error.kind.status, error.text, request.id, request)
    }
  }
}
