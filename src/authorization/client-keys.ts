import { type CryptoKey, importJWK } from 'jose'
import type { Client } from './client.ts'

/** What a signed text says of its key. */
export interface KeyHint {
  readonly alg: string
  readonly kid: string
}

/** The keys by which apps sign. */
export interface ClientKeys {
  /** The one key of an app that a signature names; nothing when it has none such. */
  find(client: Client, hint: KeyHint): Promise<CryptoKey | undefined>
}

/** The keys that stand in the registration itself (`jwks`). */
export const registeredKeys: ClientKeys = {
  async find({ jwks }, { alg, kid }) {
    const found = jwks?.keys.filter((key) => key.kid === kid) ?? []
    const [key] = found
    if (!key || found.length > 1 || (key.alg !== undefined && key.alg !== alg)) return undefined
    try {
      const imported = await importJWK(key as Parameters<typeof importJWK>[0], alg)
      return imported instanceof Uint8Array ? undefined : imported
    } catch {
      return undefined
    }
  },
}
