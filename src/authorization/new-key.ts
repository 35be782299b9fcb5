/** Makes signing keys, and reads them from the store. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { StoredKey } from './ports.ts'

const rsaBits = 2048
// In a thread of its own: to find an RSA key takes longer than requests should wait.
const generate = promisify(generateKeyPair)

/** A new key of that algorithm; times in milliseconds since 1970. */
export async function newKey(alg: StoredKey['alg'], now: number, signsFrom: number): Promise<StoredKey> {
  const { privateKey, publicKey } =
    alg === 'ES256'
      ? await generate('ec', { namedCurve: 'P-256' })
      : await generate('rsa', { modulusLength: rsaBits })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { kid: thumbprint(publicKey), alg, privateKey: pem, createdAt: now, signsFrom }
}

/** The key itself; throws when it is none, or not the one that its name says. */
export function importPrivateKey({ kid, privateKey }: StoredKey): KeyObject {
  const key = createPrivateKey(privateKey)
  if (thumbprint(createPublicKey(key)) !== kid) throw new Error(`the signing key ${kid} is another one`)
  return key
}

/** RFC 7638: a name that follows from the key. */
function thumbprint(publicKey: KeyObject): string {
  const { crv, e, kty, n, x, y } = publicKey.export({ format: 'jwk' })
  const required = kty === 'EC' ? { crv, kty, x, y } : { e, kty, n }
  return createHash('sha256').update(JSON.stringify(required)).digest('base64url')
}
