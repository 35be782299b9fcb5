/**
 * Whether a compact JWS is signed with a key, by node:crypto: what costs in a client assertion is the signature, and the
 * way through Web Crypto costs more than that of RSA itself (docs/adr/0005). What the token says was read before; its
 * algorithm and its key are known to belong together.
 * @see RFC 7515 §5.2, RFC 7518 §3.3 to §3.5, RFC 8037 §3.1
 */
import { constants, type KeyObject, type KeyType, type SigningOptions, verify } from 'node:crypto'
import { promisify } from 'node:util'

interface Way {
  /** The kind of key, as node:crypto calls it. */
  readonly type: KeyType
  readonly hash: 'sha256' | 'sha384' | null
  readonly options?: SigningOptions
}

const plain: SigningOptions = { dsaEncoding: 'ieee-p1363' }
const pss: SigningOptions = {
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
}

const ways: Readonly<Record<string, Way>> = {
  RS256: { type: 'rsa', hash: 'sha256' },
  RS384: { type: 'rsa', hash: 'sha384' },
  PS256: { type: 'rsa', hash: 'sha256', options: pss },
  PS384: { type: 'rsa', hash: 'sha384', options: pss },
  ES256: { type: 'ec', hash: 'sha256', options: plain },
  ES384: { type: 'ec', hash: 'sha384', options: plain },
  EdDSA: { type: 'ed25519', hash: null },
  Ed25519: { type: 'ed25519', hash: null },
}

/** Whether the three parts of `token` are signed so with the private half of `key`. */
export async function isSignedWith(key: KeyObject, alg: string, token: string): Promise<boolean> {
  const way = Object.hasOwn(ways, alg) ? ways[alg] : undefined
  const end = token.lastIndexOf('.')
  const text = token.slice(end + 1)
  const signature = Buffer.from(text, 'base64url')
  // One text for one signature.
  if (!way || way.type !== key.asymmetricKeyType || signature.toString('base64url') !== text) return false
  const { hash, options } = way
  const input = Buffer.from(token.slice(0, end))
  // A key by itself is taken at once; one among options costs node:crypto as much again as RSA does.
  const keyed = options ? { key, ...options } : key
  try {
    return await verifyElsewhere(hash, input, keyed, signature)
  } catch {
    // What cannot even be tried is signed by nobody.
    return false
  }
}

/** On another thread: others do not wait for it. */
const verifyElsewhere = promisify(verify)
