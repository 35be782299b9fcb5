/** Keys of apps, and the DPoP proofs that they make. */
import { createHash, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, type JWK, SignJWT } from 'jose'
import { baseUrl, SECOND, type World } from './world.ts'

export interface ProofKey {
  readonly privateKey: KeyObject
  readonly jwk: JWK
  readonly jkt: string
}

export async function newKey(): Promise<ProofKey> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = await exportJWK(publicKey)
  return { privateKey, jwk, jkt: await calculateJwkThumbprint(jwk) }
}

/** What replaces parts of a good proof; an undefined claim is left out. */
export interface ProofChanges {
  readonly claims?: Record<string, unknown>
  readonly header?: Record<string, unknown>
  readonly signedBy?: KeyObject
}

/** A good proof for a POST to the token endpoint, or for what `claims` say. */
export function proofOf(world: World, key: ProofKey, changes: ProofChanges = {}): Promise<string> {
  const claims = {
    jti: randomUUID(),
    htm: 'POST',
    htu: `${baseUrl}/oauth/token`,
    iat: Math.floor(world.now() / SECOND),
    ...changes.claims,
  }
  const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: key.jwk, ...changes.header }
  return new SignJWT(claims).setProtectedHeader(header).sign(changes.signedBy ?? key.privateKey)
}

/** The hash of an access token, as a proof names it. */
export function athOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
