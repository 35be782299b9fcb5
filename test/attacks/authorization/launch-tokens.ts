/** Access tokens that the server takes for its own. */
import { createSigner } from '../../../src/authorization/jwt.ts'
import { loadKeys } from '../../../src/authorization/keys.ts'
import type { Stores } from '../../../src/server/stores.ts'
import { baseUrl, fhirBase, MINUTE } from './world.ts'

let serial = 0

/** Signs these claims, and those that every token has, with the server's own key. */
export async function createSignedToken(stores: Stores, now: () => number) {
  const { signing } = await loadKeys(stores.keys, 0)
  const sign = createSigner(() => signing.ES256, 'at+jwt')
  return (claims: Readonly<Record<string, unknown>>): Promise<string> => {
    const issuedAt = Math.floor(now() / 1000)
    return sign({
      iss: baseUrl,
      aud: fhirBase,
      iat: issuedAt,
      exp: issuedAt + (5 * MINUTE) / 1000,
      jti: `at-${++serial}`,
      ...claims,
    })
  }
}
