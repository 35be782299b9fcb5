import type { Csrf } from '../../http/csrf.ts'
import type { HttpRequest, Route } from '../../http/route.ts'
import type { Account } from '../account.ts'
import type { AccountChange, AccountStore } from '../ports.ts'
import type { Session } from '../sessions.ts'
import type { SessionStart } from '../start-session.ts'
import type { Throttle } from '../throttle.ts'
import type { Connections } from './connect.ts'
import type {
  IdentityStore,
  InvitationStore,
  ProviderSessions,
  RecordLookup,
  Trail,
  VisitStore,
} from './ports.ts'
import type { Provider } from './provider.ts'

/** What makes the routes of all providers: loaded only where there are any. */
export type ProviderRoutes = (deps: Omit<ProviderDeps, 'connections'>) => Route[]

/** What others give for it; see {@link createIdentity}. */
export interface ProviderOptions {
  /** As configured; none turns it all off. */
  readonly list: readonly Provider[]
  /** Absent where none is configured. */
  readonly routes?: ProviderRoutes
  /** What the outside calls this server, without a slash at the end. */
  readonly baseUrl: string
  readonly visits: VisitStore
  readonly identities: IdentityStore
  readonly invitations: InvitationStore
  readonly sessions: ProviderSessions
  readonly records: RecordLookup
  readonly trail: Trail
  readonly log: { warn(fields: object, message: string): void }
  readonly ids: {
    /** `prefix` and 128 random bits. */
    id(prefix: string): string
    /** 256 random bits in base64url. */
    secret(): string
  }
  /** The longest that one request to a provider may take, in milliseconds; default 5 s. */
  readonly requestLimit?: number
}

/** What signing in at providers is put together from. */
export interface ProviderDeps extends ProviderOptions {
  readonly connections: Connections
  readonly accounts: AccountStore
  readonly throttle: Throttle
  readonly csrf: Csrf
  readonly now: () => number
  readonly home: string
  readonly sessionOf: (request: HttpRequest) => Promise<Session | undefined>
  /** Whether the person has proved just now, by all that the account has, who they are. */
  readonly isFresh: (session: Session) => Promise<boolean>
  /** Tells a person by mail, where that is possible, what has changed about how they sign in. */
  readonly letKnow: (account: Account, change: AccountChange) => Promise<void>
  readonly completeSignIn: SessionStart['completeSignIn']
}

/** The provider of an id. */
export function providerOf(
  { list }: Pick<ProviderOptions, 'list'>,
  id: string | undefined,
): Provider | undefined {
  return list.find((provider) => provider.id === id)
}

/** Issuers of the providers at which the person can sign in: those that may confer all that the account is. */
export function issuersOf(
  { roles }: Pick<Account, 'roles'>,
  { list }: Pick<ProviderOptions, 'list'>,
): readonly string[] {
  return list
    .filter((provider) => roles.every((role) => provider.roles.includes(role)))
    .map(({ issuer }) => issuer)
}

/** Who acts, for the trail. */
export function actorOf(request: HttpRequest, account?: Pick<Account, 'id' | 'fhirUser'>) {
  return {
    address: request.remoteAddress,
    ...(account && { user: account.id }),
    ...(account?.fhirUser !== undefined && { fhirUser: account.fhirUser }),
  }
}
