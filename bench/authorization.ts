/** The authorization server beside the bare cryptography of the same answers, and beside `oidc-provider` giving the same in the same run. */
import { createHash, randomBytes } from 'node:crypto'
import { isPostgres } from '../src/store/open.ts'
import { exchangeForm, refreshForm, requestToken } from '../test/fixtures/visitor.ts'
import {
  assertionRequests,
  type Backend,
  createBackends,
  introspectionRequest,
  introspector,
  registerBackends,
} from './backend.ts'
import { type Figure, target } from './figure.ts'
import { CONNECTIONS, drive, type Load, type Request } from './load/driver.ts'
import { measurePairs } from './pairs.ts'
import { type Reference, startReference } from './reference/child.ts'
import { openSandbox, type Sandbox, tokenRequest } from './sandbox.ts'

/** How much of the bare cryptography, and how many times `oidc-provider`, was promised. */
const OF_BARE = 0.6
const TIMES_PROVIDER = 1.5
const SCOPE = 'openid fhirUser offline_access launch/patient patient/*.rs'
const REDIRECT = 'http://127.0.0.1:9/back'

/** How long and how much is measured. */
export interface Effort {
  readonly rounds: number
  /** Requests of a slice in which each is sent once. */
  readonly requests: number
  readonly seconds: number
  /** Only what has this in its name. */
  readonly named?: string
}

const usual: Effort = { rounds: 7, requests: 1200, seconds: 2 }

/**
 * `oidc-provider` twice: keeping its state as we keep ours, which is what a site would run, and in memory, where nothing
 * is kept that the next start could read.
 */
interface Providers {
  readonly durable: Reference
  readonly volatile: Reference
}

/**
 * So many slices of client credentials before what counts: until a server has answered some ten thousand requests, how it
 * is compiled is measured, not what it does.
 */
const WARM_UP = 8

/** One thing that all do: our server, the bare one, `oidc-provider`. */
interface Contest {
  readonly name: string
  /** Slices that do not count; default 1. */
  readonly warmUp?: number
  readonly ours: () => Promise<number>
  readonly bare?: () => Promise<number>
  readonly provider: () => Promise<number>
  /** Where there is state to keep. */
  readonly volatile?: () => Promise<number>
}

/** Client credentials by ES384 and RS384, code exchange, refresh, introspection and discovery on one store, each when it is measured. */
export async function* measureAuthorization(
  data: string,
  of: string,
  effort = usual,
): AsyncGenerator<Figure, void> {
  const backends = createBackends()
  await registerBackends(data, backends)
  const sandbox = await openSandbox(data, 'patient.amara', SCOPE)
  const verifier = randomBytes(32).toString('base64url')
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const public_ = backends.map(({ id, alg, jwk }) => ({ id, alg, jwk }))
  const setting = { redirectUri: REDIRECT, challenge, introspector, backends: public_ }
  const startProvider = (state?: string) =>
    startReference('provider.ts', JSON.stringify({ ...setting, ...(state !== undefined && { state }) }))
  const providers = { durable: await startProvider(stateBeside(data)), volatile: await startProvider() }
  try {
    for (const backend of backends) yield* await measureBackend({ backend, sandbox, providers, of, effort })
    const codes = { sandbox, providers, verifier, of, effort }
    yield* await run(exchangeContest(codes), of, effort)
    yield* await run(await refreshContest(codes), of, effort)
    yield* await measureIntrospection(codes)
    yield* await measureDiscovery(sandbox, providers.durable, of, effort)
  } finally {
    await Promise.all([providers.durable.stop(), providers.volatile.stop()])
    await sandbox.server.stop()
  }
}

/** A folder of its own beside that of SQLite, or a table of its own in the same database of PostgreSQL. */
function stateBeside(data: string): string {
  return isPostgres(data) ? data : `${data}-provider`
}

async function run(
  { name, warmUp, ours, bare, provider, volatile }: Contest,
  of: string,
  { rounds, named = '' }: Effort,
): Promise<Figure[]> {
  const figures: Figure[] = []
  if (!name.includes(named)) return figures
  for (const [against, reference, limit] of [
    ['bare cryptography', bare, OF_BARE],
    ['oidc-provider', provider, TIMES_PROVIDER],
    ['oidc-provider in memory, nothing kept', volatile, undefined],
  ] as const) {
    if (reference === undefined) continue
    const pairs = await measurePairs(rounds, ours, reference, rounds > 1 ? warmUp : 1)
    figures.push({
      name: `${name}${of}`,
      value: pairs.subject,
      unit: 'requests/s',
      reference: pairs.reference,
      against,
      ratio: pairs.ratio,
      ...(limit !== undefined && { target: target('ratio', pairs.ratio, '≥', limit) }),
    })
  }
  return figures
}

async function once(base: string, requests: readonly Request[]): Promise<number> {
  const load: Load = { base, requests, connections: CONNECTIONS, manner: 'once' }
  return (await drive(load)).perSecond
}

/** One request, over and over on all connections. */
async function over(base: string, request: Request, { seconds }: Effort): Promise<number> {
  const requests = Array.from({ length: CONNECTIONS }, () => request)
  return (await drive({ base, requests, connections: CONNECTIONS, manner: 'repeat', seconds })).perSecond
}

interface BackendContest {
  readonly backend: Backend
  readonly sandbox: Sandbox
  readonly providers: Providers
  readonly of: string
  readonly effort: Effort
}

async function measureBackend({
  backend,
  sandbox,
  providers,
  of,
  effort,
}: BackendContest): Promise<Figure[]> {
  const { base } = sandbox.server
  const ours = `${base}/oauth/token`
  const [first] = assertionRequests(backend, ours, 1)
  const { bodies } = await drive({ base, requests: first ? [first] : [], connections: 1, manner: 'once' })
  const reply = JSON.parse(bodies[0] ?? '{}')
  const bare = await startReference('assertions.ts', JSON.stringify({ jwk: backend.jwk, reply }))
  const sent = (audience: string) => assertionRequests(backend, audience, effort.requests)
  const by = (provider: Reference) => () => once(provider.base, toProvider(sent(`${provider.base}/token`)))
  try {
    const contest: Contest = {
      name: `client credentials, ${backend.alg}`,
      warmUp: WARM_UP,
      ours: () => once(base, sent(ours)),
      bare: () => once(bare.base, sent(ours)),
      provider: by(providers.durable),
      volatile: by(providers.volatile),
    }
    return await run(contest, of, effort)
  } finally {
    await bare.stop()
  }
}

/** `oidc-provider` has its endpoints at the root. */
function toProvider(requests: readonly Request[]): Request[] {
  return requests.map((request) => ({ ...request, path: request.path.replace('/oauth/', '/') }))
}

interface CodeContest {
  readonly sandbox: Sandbox
  readonly providers: Providers
  readonly verifier: string
  readonly of: string
  readonly effort: Effort
}

function exchangeContest({ sandbox, providers, verifier, effort }: CodeContest): Contest {
  const { server, app, visitor } = sandbox
  const by = (provider: Reference) => async () =>
    once(provider.base, await mintedExchanges(provider, verifier, effort.requests))
  return {
    name: 'authorization code exchange',
    ours: async () => {
      const forms: string[] = []
      while (forms.length < effort.requests) forms.push(exchangeForm(app, await visitor.authorize(app)))
      return once(server.base, forms.map(tokenRequest))
    },
    provider: by(providers.durable),
    volatile: by(providers.volatile),
  }
}

async function mintedExchanges(
  provider: Reference,
  verifier: string,
  count: number,
  more = '',
): Promise<Request[]> {
  const minted = await fetch(`${provider.base}/mint?n=${count}${more}`, { method: 'POST' })
  const codes = (await minted.json()) as string[]
  const app = { clientId: 'app', redirectUri: REDIRECT, scope: '' }
  return toProvider(codes.map((code) => tokenRequest(exchangeForm(app, { code, verifier }))))
}

/** Each lane refreshes with the token that the one before gave. */
async function refreshContest({ sandbox, providers, verifier, effort }: CodeContest): Promise<Contest> {
  const { server, app, visitor } = sandbox
  const ownForms: string[] = []
  while (ownForms.length < CONNECTIONS) ownForms.push(exchangeForm(app, await visitor.authorize(app)))
  const own = await lanesOf(server.base, ownForms.map(tokenRequest), (token) =>
    tokenRequest(refreshForm(app, token)),
  )
  const by = async (provider: Reference) => {
    const codes = await mintedExchanges(provider, verifier, CONNECTIONS)
    const lanes = await lanesOf(provider.base, codes, (token) => {
      const [request] = toProvider([tokenRequest(refreshForm({ ...app, clientId: 'app' }, token))])
      return request as Request
    })
    return () => lanes(effort.seconds)
  }
  return {
    name: 'refresh',
    ours: () => own(effort.seconds),
    provider: await by(providers.durable),
    volatile: await by(providers.volatile),
  }
}

async function lanesOf(base: string, first: readonly Request[], next: (token: string) => Request) {
  const tokenOf = (body: string) => String((JSON.parse(body) as { refresh_token?: string }).refresh_token)
  const started = await drive({ base, requests: first, connections: CONNECTIONS, manner: 'once' })
  let tokens = started.bodies.map(tokenOf)
  return async (seconds: number) => {
    const requests = tokens.map(next)
    const { perSecond, bodies } = await drive({
      base,
      requests,
      connections: CONNECTIONS,
      manner: 'rotate',
      seconds,
    })
    tokens = bodies.map(tokenOf)
    return perSecond
  }
}

/** The same token, asked about over and over: ours a JWT, that of `oidc-provider` one that says nothing by itself. */
async function measureIntrospection({
  sandbox,
  providers,
  verifier,
  of,
  effort,
}: CodeContest): Promise<Figure[]> {
  const provider = providers.durable
  const { base } = sandbox.server
  // The first token of the sandbox may be over by now.
  const form = exchangeForm(sandbox.app, await sandbox.visitor.authorize(sandbox.app))
  const ours = introspectionRequest((await requestToken(base, form)).access_token)
  const asked = await drive({ base, requests: [ours], connections: 1, manner: 'once' })
  const { keys } = (await (await fetch(`${base}/oauth/jwks`)).json()) as { keys: { kty: string }[] }
  const own = { keys: keys.filter(({ kty }) => kty === 'EC'), answer: JSON.parse(asked.bodies[0] ?? '{}') }
  if (own.answer.active !== true) throw new Error('the token of the sandbox is not active')
  const [exchange] = await mintedExchanges(provider, verifier, 1, '&opaque')
  const given = await drive({
    base: provider.base,
    requests: exchange ? [exchange] : [],
    connections: 1,
    manner: 'once',
  })
  const { access_token } = JSON.parse(given.bodies[0] ?? '{}') as { access_token: string }
  const [theirs] = toProvider([introspectionRequest(access_token)])
  const bare = await startReference('introspection.ts', JSON.stringify(own))
  const asIs = theirs && { ...theirs, path: '/token/introspection' }
  const told = await drive({
    base: provider.base,
    requests: asIs ? [asIs] : [],
    connections: 1,
    manner: 'once',
  })
  if (JSON.parse(told.bodies[0] ?? '{}').active !== true)
    throw new Error('the token of oidc-provider is not active')
  try {
    const contest: Contest = {
      name: 'introspection',
      ours: () => over(base, ours, effort),
      bare: () => over(bare.base, ours, effort),
      provider: () => over(provider.base, asIs ?? ours, effort),
    }
    return await run(contest, of, effort)
  } finally {
    await bare.stop()
  }
}

async function measureDiscovery(
  sandbox: Sandbox,
  provider: Reference,
  of: string,
  effort: Effort,
): Promise<Figure[]> {
  const path = '/.well-known/openid-configuration'
  const asked: Request = { method: 'GET', path, headers: {} }
  const document = await (await fetch(sandbox.server.base + path)).text()
  const bare = await startReference('document.ts', document)
  try {
    const contest: Contest = {
      name: 'discovery',
      ours: () => over(sandbox.server.base, asked, effort),
      bare: () => over(bare.base, asked, effort),
      provider: () => over(provider.base, asked, effort),
    }
    return await run(contest, of, effort)
  } finally {
    await bare.stop()
  }
}
