/**
 * `oidc-provider` doing the same: codes, refresh tokens, client credentials by signed assertion, introspection and
 * discovery, its state in a store like ours or in memory. JWT access tokens of the same algorithm as ours. `POST /mint?n=N` makes
 * codes without the pages of an authorization. Argument: as JSON where its state lies (without it: in memory), the redirect URI,
 * the challenge of every code, and the public keys of the backend apps.
 */
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'
import { connectStore } from '../../src/store/open.ts'
import { createMemoryAdapter } from './provider-memory.ts'
import { createStoreAdapter } from './provider-store.ts'

interface Setting {
  readonly state?: string
  readonly redirectUri: string
  readonly challenge: string
  readonly introspector: { readonly id: string; readonly secret: string }
  readonly backends: readonly { readonly id: string; readonly alg: 'ES384' | 'RS384'; readonly jwk: object }[]
}

const { state, redirectUri, challenge, introspector, backends } = JSON.parse(
  process.argv[2] ?? '{}',
) as Setting
const resource = 'https://fhir.example/'
/** Its tokens say nothing by themselves: of a JWT `oidc-provider` cannot be asked. */
const opaqueResource = 'https://opaque.example/'
const systemScope = 'system/Observation.rs'
const patientScope = 'patient/Observation.rs'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })

const adapter =
  state === undefined ? createMemoryAdapter() : await createStoreAdapter(await connectStore(state))

const server = createServer((request, response) => {
  answer(request, response).catch((error: Error) => response.writeHead(500).end(error.stack))
})
server.listen(0, '127.0.0.1', () => {
  provider = createProvider(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  console.log(provider.issuer)
})

let provider: Provider

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', provider.issuer)
  if (url.pathname !== '/mint') return void (await provider.callback()(request, response))
  const target = url.searchParams.has('opaque') ? opaqueResource : resource
  const codes = await Promise.all(
    Array.from({ length: Number(url.searchParams.get('n')) }, () => mint(target)),
  )
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(codes))
}

function createProvider(issuer: string): Provider {
  return new Provider(issuer, {
    adapter,
    jwks: {
      keys: [{ ...rsa, alg: 'RS256', use: 'sig' } as never, { ...ec, alg: 'ES256', use: 'sig' } as never],
    },
    clients: [
      {
        client_id: 'app',
        token_endpoint_auth_method: 'none',
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
      },
      {
        client_id: introspector.id,
        client_secret: introspector.secret,
        redirect_uris: [],
        response_types: [],
        grant_types: [],
      },
      ...backends.map(({ id, alg, jwk }) => ({
        client_id: id,
        token_endpoint_auth_method: 'private_key_jwt' as const,
        token_endpoint_auth_signing_alg: alg,
        jwks: { keys: [jwk] } as never,
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
        scope: systemScope,
      })),
    ],
    enabledJWA: { clientAuthSigningAlgValues: ['ES384', 'RS384'] },
    scopes: ['openid', 'offline_access', systemScope, patientScope],
    findAccount: async (_, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    ttl: {
      AccessToken: 600,
      IdToken: 600,
      AuthorizationCode: 600,
      ClientCredentials: 300,
      RefreshToken: 86_400,
      Grant: 86_400,
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: (_, target) => ({
          scope: `${systemScope} ${patientScope}`,
          audience: target,
          accessTokenFormat: target === resource ? 'jwt' : 'opaque',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  })
}

/** A code as the end of an authorization would leave it. */
async function mint(target: string): Promise<string> {
  const client = await provider.Client.find('app')
  const scope = `openid offline_access ${patientScope}`
  const grant = new provider.Grant({ accountId: 'somebody', clientId: 'app' })
  grant.addOIDCScope(scope)
  grant.addResourceScope(target, patientScope)
  const code = new provider.AuthorizationCode({
    accountId: 'somebody',
    client,
    grantId: await grant.save(),
    redirectUri,
    resource: target,
    scope,
    codeChallenge: challenge,
    codeChallengeMethod: 'S256',
    expiresWithSession: false,
    gty: 'authorization_code',
  } as never)
  return code.save()
}
