/**
 * Whether a compact JWS is signed with a key, by node:crypto: what costs in a client assertion is the signature, and the
 * way through Web Crypto costs more than that of RSA itself (docs/adr/0005). What the token says was read before; its
 * algorithm and its key are known to belong together.
 * @see RFC 7515 §5.2, RFC 7518 §3.3 to §3.5, RFC 8037 §3.1
 */
import { constants, type KeyObject, type KeyType, type SigningOptions, verify } from 'node:crypto'
import { derSignature, p256Bytes, p384Bytes } from '../ecdsa.ts'
import { elsewhere } from '../elsewhere.ts'

interface Way {
  /** The kind of key, as node:crypto calls it. */
  readonly type: KeyType
  readonly hash: 'sha256' | 'sha384' | null
  readonly options?: SigningOptions
  /** Where the signature is two plain numbers: of which curve, and how long they are. */
  readonly numbers?: { readonly curve: string; readonly bytes: number }
}

const pss: SigningOptions = {
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
}
const p256 = { curve: 'prime256v1', bytes: p256Bytes }
const p384 = { curve: 'secp384r1', bytes: p384Bytes }

const ways: Readonly<Record<string, Way>> = {
  RS256: { type: 'rsa', hash: 'sha256' },
  RS384: { type: 'rsa', hash: 'sha384' },
  PS256: { type: 'rsa', hash: 'sha256', options: pss },
  PS384: { type: 'rsa', hash: 'sha384', options: pss },
  ES256: { type: 'ec', hash: 'sha256', numbers: p256 },
  ES384: { type: 'ec', hash: 'sha384', numbers: p384 },
  EdDSA: { type: 'ed25519', hash: null },
  Ed25519: { type: 'ed25519', hash: null },
}

/** Whether the three parts of `token` are signed so with the private half of `key`. */
export async function isSignedWith(key: KeyObject, alg: string, token: string): Promise<boolean> {
  const way = Object.hasOwn(ways, alg) ? ways[alg] : undefined
  const end = token.lastIndexOf('.')
  const text = token.slice(end + 1)
  const plain = Buffer.from(text, 'base64url')
  // One text for one signature.
  if (!way || !isKeyFor(way, key) || plain.toString('base64url') !== text) return false
  const { hash, options, numbers } = way
  // With PSS, OpenSSL takes one that is shorter for one that begins with zeros (RFC 8017 §8.1.2).
  if (options && plain.length !== bytesOf(key)) return false
  const signature = numbers ? derSignature(plain, numbers.bytes) : plain
  if (!signature) return false
  // A key by itself is taken at once; one among options costs node:crypto as much again as RSA does.
  const keyed = options ? { key, ...options } : key
  try {
    const input = Buffer.from(token.slice(0, end))
    return await elsewhere<boolean>((done) => verify(hash, input, keyed, signature, done))
  } catch {
    // What cannot even be tried is signed by nobody.
    return false
  }
}

/** How long the signatures of an RSA key are. */
function bytesOf({ asymmetricKeyDetails: { modulusLength = 0 } = {} }: KeyObject): number {
  return Math.ceil(modulusLength / 8)
}

function isKeyFor({ type, numbers }: Way, key: KeyObject): boolean {
  if (key.asymmetricKeyType !== type) return false
  return numbers === undefined || key.asymmetricKeyDetails?.namedCurve === numbers.curve
}
