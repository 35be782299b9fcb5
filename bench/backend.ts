/** Apps that act for themselves: their keys, their registration, and the assertions by which they authenticate. */
import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import type { PublicJwk } from '../src/authorization/client.ts'
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

/** Registers the apps in a store that no server has open; the same ids are replaced. */
export async function registerBackends(data: string, backends: readonly Backend[]): Promise<void> {
  const sql = await openStore(data)
  try {
    const clients = createClientStore(sql)
    for (const { id, jwk } of backends) {
      const client = {
        id,
        name: id,
        authMethod: 'private_key_jwt',
        jwks: { keys: [jwk] },
        redirectUris: [],
        grantTypes: ['client_credentials'],
        scope: SYSTEM_SCOPE,
        createdAt: Date.now(),
      } as const
      if (!(await clients.replace(client))) await clients.add(client)
    }
  } finally {
    await sql.close()
  }
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
