/** Apps that act for themselves: their keys, their registration, and the assertions by which they authenticate. */
import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import type { Client, PublicJwk } from '../src/authorization/client.ts'
import { hashSecret } from '../src/authorization/secrets.ts'
import { createClientStore } from '../src/store/clients.ts'
import { openStore } from '../src/store/open.ts'
import type { Request } from './load/driver.ts'
import { tokenRequest } from './sandbox.ts'

export type Algorithm = 'ES384' | 'RS384'

/** The scope that every backend app is registered for. */
export const SYSTEM_SCOPE = 'system/Observation.rs'
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const MINUTES_4 = 240

export interface Backend {
  readonly id: string
  readonly alg: Algorithm
  readonly key: KeyObject
  readonly jwk: PublicJwk
}

/** One app for each algorithm, with a new key. */
export function createBackends(): Backend[] {
  return (['ES384', 'RS384'] as const).map((alg) => {
    const id = `backend-${alg.toLowerCase()}`
    const pair =
      alg === 'ES384'
        ? generateKeyPairSync('ec', { namedCurve: 'P-384' })
        : generateKeyPairSync('rsa', { modulusLength: 2048 })
    const jwk = { ...pair.publicKey.export({ format: 'jwk' }), kid: id, alg, use: 'sig' }
    return { id, alg, key: pair.privateKey, jwk }
  })
}

/** A resource server that asks about tokens: its name and its secret. */
export const introspector = { id: 'introspector', secret: 'a-secret-of-a-resource-server-in-a-benchmark' }

/** Registers the apps and the resource server in a store that no server has open; the same ids are replaced. */
export async function registerBackends(data: string, backends: readonly Backend[]): Promise<void> {
  const shared = {
    redirectUris: [],
    grantTypes: ['client_credentials'],
    scope: SYSTEM_SCOPE,
    createdAt: Date.now(),
  } as const
  const clients: Client[] = [
    ...backends.map(
      ({ id, jwk }): Client => ({
        ...shared,
        id,
        name: id,
        authMethod: 'private_key_jwt',
        jwks: { keys: [jwk] },
      }),
    ),
    {
      ...shared,
      id: introspector.id,
      name: introspector.id,
      authMethod: 'client_secret_basic',
      secrets: [{ hash: hashSecret(introspector.secret), createdAt: Date.now() }],
      resourceServer: true,
    },
  ]
  const sql = await openStore(data)
  try {
    const store = createClientStore(sql)
    for (const client of clients) if (!(await store.change(client.id, () => client))) await store.add(client)
  } finally {
    await sql.close()
  }
}

/** Asks what a token is worth. */
export function introspectionRequest(token: string): Request {
  const { id, secret } = introspector
  const request = tokenRequest(new URLSearchParams({ token }).toString())
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
  return { ...request, path: '/oauth/introspect', headers: { ...request.headers, authorization } }
}

/** So many token requests, each with an assertion of its own. */
export function assertionRequests(backend: Backend, audience: string, count: number): Request[] {
  return Array.from({ length: count }, () =>
    tokenRequest(
      new URLSearchParams({
        grant_type: 'client_credentials',
        scope: SYSTEM_SCOPE,
        client_assertion_type: ASSERTION,
        client_assertion: assertionOf(backend, audience),
      }).toString(),
    ),
  )
}

function assertionOf({ id, alg, key }: Backend, audience: string): string {
  const now = Math.floor(Date.now() / 1_000)
  const claims = { iss: id, sub: id, aud: audience, iat: now, exp: now + MINUTES_4, jti: randomUUID() }
  const input = `${encode({ alg, kid: id, typ: 'JWT' })}.${encode(claims)}`
  const signature = sign(
    'sha384',
    Buffer.from(input),
    alg === 'ES384' ? { key, dsaEncoding: 'ieee-p1363' } : key,
  )
  return `${input}.${signature.toString('base64url')}`
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
