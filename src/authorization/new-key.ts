/** Makes signing keys, and reads them from the store. */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { StoredKey } from './ports.ts'
import { thumbprintOf } from './thumbprint.ts'

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
  return { kid: thumbprintOf(publicKey), alg, privateKey: pem, createdAt: now, signsFrom }
}

/** The key itself; throws when it is none, or not the one that its name says. */
export function importPrivateKey({ kid, privateKey }: StoredKey): KeyObject {
  const key = createPrivateKey(privateKey)
  if (thumbprintOf(createPublicKey(key)) !== kid) throw new Error(`the signing key ${kid} is another one`)
  return key
}
