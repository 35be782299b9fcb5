/** The resource server, put together: the answering function for the server's own pages, and the routes for apps. */
import type { Route } from '../http/route.ts'
import { resourceTypes } from '../smart/compartment.r4.ts'
import { withBoundedSearch } from './bounded-search.ts'
import { type BundleLimits, standardLimits } from './bundle/limits.ts'
import type { StatementOptions } from './capability-statement.ts'
import { createAnswer } from './handle.ts'
import { builtInteractions } from './interactions/handlers.ts'
import { createPageLinks } from './page-link.ts'
import type { Labelling, Log, ProofVerifier, Rights, TokenVerifier, Trail } from './ports.ts'
import type { Repository } from './repository.ts'
import type { Answer } from './request.ts'
import { fhirRoutes } from './routes.ts'
import { createMatches } from './search/matches.ts'

/** What the resource server is made of. */
export interface FhirOptions {
  readonly repository: Repository
  readonly verifier: TokenVerifier
  /** Checks proofs of possession; without it no bound token is accepted. */
  readonly proofs?: ProofVerifier
  readonly rights: Rights
  readonly labelling: Labelling
  /** How much one Bundle may ask for; default {@link standardLimits}. */
  readonly limits?: BundleLimits
  readonly trail: Trail
  readonly log: Log
  /** The FHIR base URL as the outside calls it, without a trailing slash. */
  readonly base: string
  /** Seals page links; every node of one server needs the same. */
  readonly pageSecret: string
  /** Of the software, for the CapabilityStatement. */
  readonly version: string
  /** Addresses of the authorization server by the names of the `oauth-uris` extension: `authorize`, `token`, …. */
  readonly oauth: Readonly<Record<string, string>>
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A new logical id, not guessable. */
  readonly newId: () => string
}

export interface FhirApi {
  readonly answer: Answer
  readonly routes: Route[]
}

/** Makes the resource server over its repository. */
export function createFhirApi(options: FhirOptions): FhirApi {
  const { repository, labelling, trail, log, base, now, newId, version, oauth } = options
  const statement = {
    base,
    version,
    oauth,
    date: now(),
    interactions: builtInteractions,
    types: resourceTypes,
  }
  const services = {
    repository: withBoundedSearch(repository),
    labelling,
    limits: options.limits ?? standardLimits,
    base,
    log,
    now,
    newId,
    matches: createMatches(),
    pageLinks: createPageLinks(options.pageSecret),
    capabilityStatement: statementOf(statement),
  }
  const answer = createAnswer(services, trail)
  return { answer, routes: fhirRoutes({ ...options, answer }) }
}

/** The statement as JSON; what it is made of is loaded when somebody asks for it. */
function statementOf(options: Omit<StatementOptions, 'operations'>): () => Promise<string> {
  let statement: (() => string) | undefined
  return async () => {
    if (statement) return statement()
    const { createCapabilityStatement } = await import('./capability-statement.ts')
    const { listOperations: operations } = await import('./operations/index.ts')
    statement = createCapabilityStatement({ ...options, operations })
    return statement()
  }
}
