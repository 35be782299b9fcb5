/** Tokens that the server takes for its own, with claims that its authorization server would never have put together. */

import { createSigner } from '../../../src/authorization/jwt.ts'
import { loadKeys } from '../../../src/authorization/keys.ts'
import type { Stores } from '../../../src/server/stores.ts'

/** Makes a token; a claim that is undefined is left out. */
export type Mint = (scope: string, claims?: Readonly<Record<string, unknown>>) => Promise<string>

/** Makes tokens after the pattern of one that the server gave: its grant lives, so theirs does. */
export async function createMint(stores: Stores, pattern: string): Promise<Mint> {
  const { signing } = await loadKeys(stores.keys, 0)
  const sign = createSigner(() => signing.ES256, 'at+jwt')
  const given = claimsOf(pattern)
  const made = new Map<string, Promise<string>>()
  return (scope, claims = {}) => {
    const all = { ...given, scope, ...claims }
    const key = JSON.stringify(all)
    const token = made.get(key) ?? sign(all)
    made.set(key, token)
    return token
  }
}

/** What a token says. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
}
