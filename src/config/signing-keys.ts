/** The section `keys`: what encrypts the server's signing keys at rest, and how often they change. */
import { z } from 'zod'
import { duration } from './duration.ts'

const keyBytes = 32

/** 32 bytes, in hexadecimal or base64 (either alphabet); what is refused is not repeated to anybody. */
const encryptionKey = z
  .string()
  .trim()
  .transform((text, context) => {
    const bytes = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64')
    if (bytes.length === keyBytes && /^[A-Za-z0-9+/_=-]+$/.test(text)) return new Uint8Array(bytes)
    context.addIssue({
      code: 'custom',
      message: 'has to be 32 random bytes in base64 or hexadecimal: openssl rand -base64 32',
    })
    return z.NEVER
  })

/** Its shape. */
export const keys = z
  .strictObject({
    /** Encrypts what is stored. */
    encryptionKey: encryptionKey.optional(),
    /** A file with that key, instead of the key itself. */
    encryptionKeyFile: z.string().min(1).optional(),
    /** Still opens what was stored, after the key was changed. */
    previousEncryptionKey: encryptionKey.optional(),
    rotateEvery: duration({ least: '1d', most: '730d', standard: '90d' }),
  })
  .refine(
    ({ encryptionKey, encryptionKeyFile }) => encryptionKey === undefined || encryptionKeyFile === undefined,
    'encryptionKey and encryptionKeyFile: one of the two',
  )
  .prefault({})

/** Reads the text of a key file; throws for anything but a key. */
export function parseEncryptionKey(text: string): Uint8Array {
  const result = encryptionKey.safeParse(text)
  if (result.success) return result.data
  throw new Error(result.error.issues[0]?.message)
}
