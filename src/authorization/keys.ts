/** The server's own signing keys: ES256 for access tokens, RS256 for ID tokens (CTX-49). Made on first start, kept in the store. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto'
import type { KeyStore, StoredKey } from './ports.ts'

const rsaBits = 2048
type Algorithm = StoredKey['alg']

/** A key ready for use; importing it once saves a third of the cost of a signature. */
export interface SigningKey {
  readonly kid: string
  readonly alg: Algorithm
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** The keys in use, and all that are published. */
export interface KeyRing {
  /** The newest of each algorithm signs. */
  readonly signing: Readonly<Record<Algorithm, SigningKey>>
  /** Every key whose signatures are still accepted. */
  readonly all: readonly SigningKey[]
  /** The public JWK Set (CTX-48). */
  readonly jwks: { readonly keys: readonly object[] }
}

/** Loads the keys, and makes those that are missing. */
export async function loadKeys(store: KeyStore, now: number): Promise<KeyRing> {
  const kept = await store.list()
  for (const alg of ['ES256', 'RS256'] as const) {
    if (!kept.some((key) => key.alg === alg)) await store.addFirst(newKey(alg, now))
  }
  const all = (await store.list()).map(imported)
  return {
    signing: { ES256: newest(all, 'ES256'), RS256: newest(all, 'RS256') },
    all,
    jwks: { keys: all.map(publicJwk) },
  }
}

function newKey(alg: Algorithm, now: number): StoredKey {
  const { privateKey, publicKey } =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: rsaBits })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { kid: thumbprint(publicKey), alg, privateKey: pem, createdAt: now }
}

/** RFC 7638: a name that follows from the key. */
function thumbprint(publicKey: KeyObject): string {
  const { crv, e, kty, n, x, y } = publicKey.export({ format: 'jwk' })
  const required = kty === 'EC' ? { crv, kty, x, y } : { e, kty, n }
  return createHash('sha256').update(JSON.stringify(required)).digest('base64url')
}

function imported(stored: StoredKey): SigningKey {
  const privateKey = createPrivateKey(stored.privateKey)
  return { kid: stored.kid, alg: stored.alg, privateKey, publicKey: createPublicKey(privateKey) }
}

function newest(keys: readonly SigningKey[], alg: Algorithm): SigningKey {
  const found = keys.find((key) => key.alg === alg)
  if (!found) throw new Error(`no ${alg} key`)
  return found
}

function publicJwk({ kid, alg, publicKey }: SigningKey): object {
  return { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' }
}
