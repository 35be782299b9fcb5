/** Secrets at rest: AES-256-GCM under a key that is not in the database. @see NIST SP 800-38D */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Closes and opens texts; a text is bound to what it is `for`, and opens nowhere else. */
export interface SecretBox {
  seal(text: string, purpose: string): string
  /** Throws when no key of the box opens it, or it was changed. */
  open(sealed: string, purpose: string): string
  /** Whether the first key of the box closed it, which is the one in use. */
  isCurrent(sealed: string, purpose: string): boolean
}

export const SECRET_BOX_KEY_BYTES = 32
const ivBytes = 12
const tagBytes = 16
const prefix = 'sealed-1:'

/** A box of keys of 32 bytes: the first one closes, all of them open. */
export function createSecretBox(keys: readonly [Uint8Array, ...Uint8Array[]]): SecretBox {
  for (const key of keys)
    if (key.length !== SECRET_BOX_KEY_BYTES) throw new Error('an encryption key has 32 bytes')

  function tryOpen(sealed: string, purpose: string): { text: string; key: Uint8Array } | undefined {
    const parts = isSealed(sealed) ? Buffer.from(sealed.slice(prefix.length), 'base64url') : undefined
    if (!parts || parts.length < ivBytes + tagBytes) return undefined
    for (const key of keys) {
      const text = openWith(key, parts, purpose)
      if (text !== undefined) return { text, key }
    }
    return undefined
  }

  return {
    seal(text, purpose) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', keys[0], iv, { authTagLength: tagBytes })
      cipher.setAAD(Buffer.from(purpose))
      const closed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return prefix + closed.toString('base64url')
    },
    open(sealed, purpose) {
      const opened = tryOpen(sealed, purpose)
      if (!opened) throw new Error('not readable with the encryption key that was given')
      return opened.text
    },
    isCurrent: (sealed, purpose) => tryOpen(sealed, purpose)?.key === keys[0],
  }
}

/** Whether a text was closed by a box. */
export function isSealed(text: string): boolean {
  return text.startsWith(prefix)
}

function openWith(key: Uint8Array, parts: Buffer, purpose: string): string | undefined {
  const decipher = createDecipheriv('aes-256-gcm', key, parts.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(Buffer.from(purpose))
  decipher.setAuthTag(parts.subarray(-tagBytes))
  try {
    const opened = [decipher.update(parts.subarray(ivBytes, -tagBytes)), decipher.final()]
    return Buffer.concat(opened).toString('utf8')
  } catch {
    return undefined
  }
}
