// What can be registered as an app's public keys: bare public keys, each with its name, none that is too weak or private.
// CAUTH-05, CAUTH-07, CAUTH-19, CAUTH-20, REG-04; RFC 7517, RFC 7591 §2.
import { createPublicKey } from 'node:crypto'
import { z } from 'zod'
import { problemOfText } from '../readable-text.ts'

const mostKeys = 20
const leastRsaBits = 2048
const longestName = 200
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
const curves: Readonly<Record<string, readonly string[]>> = {
  EC: ['P-256', 'P-384', 'P-521'],
  OKP: ['Ed25519'],
}

const key = z.record(z.string(), z.unknown()).superRefine((jwk, context) => {
  const problem = problemOfKey(jwk)
  if (problem) context.addIssue({ code: 'custom', message: problem })
})

/** A JWK Set of public keys, at most 20. */
export const keySet = z
  .object({ keys: z.array(key).min(1).max(mostKeys) })
  .refine(
    ({ keys }) => new Set(keys.map(({ kid }) => kid)).size === keys.length,
    'every key has to have a kid of its own',
  )

function problemOfKey(jwk: Readonly<Record<string, unknown>>): string | undefined {
  if (privateMembers.some((member) => member in jwk)) return 'a private key: send the public key only'
  if (typeof jwk.kid !== 'string' || jwk.kid === '' || jwk.kid.length > longestName) return 'has no kid'
  const unreadable = shown.flatMap((member) => problemOfName(member, jwk[member]) ?? [])
  if (unreadable[0] !== undefined) return unreadable[0]
  if (jwk.use !== undefined && jwk.use !== 'sig') return 'is not for signatures (use)'
  if (jwk.kty !== 'RSA' && !curves[String(jwk.kty)]?.includes(String(jwk.crv))) {
    return 'of a kind that is not known here: RSA, EC (P-256, P-384, P-521) or OKP (Ed25519) is expected'
  }
  return problemOfMaterial(jwk)
}

/** What an administrator is shown of a key, before they decide. */
const shown = ['kid', 'alg', 'crv'] as const

function problemOfName(member: string, value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'string' || value.length > longestName) return `${member} is no short text`
  const problem = problemOfText(value)
  return problem && `${member}: ${problem}`
}

function problemOfMaterial(jwk: Readonly<Record<string, unknown>>): string | undefined {
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    const bits = asymmetricKeyDetails?.modulusLength
    return bits !== undefined && bits < leastRsaBits
      ? `an RSA key has to have ${leastRsaBits} bits`
      : undefined
  } catch {
    return 'is not a whole public key'
  }
}
