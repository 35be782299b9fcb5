/** The keys by which apps prove that something comes from them: registered, or published where they registered. CAUTH-07, CAUTH-39 to CAUTH-41. */
import type { CryptoKey, importJWK } from 'jose'
import type { Outbound } from '../../http/outbound.ts'
import type { Client, PublicJwk } from '../client.ts'
import { loadJose } from '../jose.ts'
import { createMemory } from '../memory.ts'
import { createRemoteKeys } from './remote-keys.ts'
import { type KeyHint, selectKey } from './select-key.ts'

export interface ClientKeys {
  /** The one key of an app that a signature names; nothing when it has none such, or more than one. */
  find(client: Client, hint: KeyHint): Promise<CryptoKey | undefined>
}

interface ClientKeysDeps {
  readonly outbound: Pick<Outbound, 'get'>
  readonly now: () => number
}

const leastRsaBits = 2048
/** As many keys are kept ready for use: importing one costs as much as a signature. */
const most = 2000

/** The keys of all apps. */
export function createClientKeys(deps: ClientKeysDeps): ClientKeys {
  const remote = createRemoteKeys(deps)
  const ready = createMemory<Promise<CryptoKey | undefined>>(most)

  async function keysOf({ jwks, jwksUri }: Client, hint: KeyHint): Promise<readonly PublicJwk[]> {
    if (jwksUri === undefined) return jwks?.keys ?? []
    return remote.load(jwksUri, (keys) => selectKey(keys, hint) !== undefined)
  }

  function imported(key: PublicJwk, alg: string): Promise<CryptoKey | undefined> {
    const { kty, crv, n, e, x, y } = key
    const name = JSON.stringify([alg, kty, crv, n, e, x, y])
    const known = ready.get(name, 0)
    if (known) return known
    const made = importKey({ kty, crv, n, e, x, y }, alg)
    ready.set(name, made, Number.POSITIVE_INFINITY)
    return made
  }

  return {
    async find(client, hint) {
      const key = selectKey(await keysOf(client, hint), hint)
      return key && imported(key, hint.alg)
    },
  }
}

/** Only what makes the key: how it may be used was judged before. */
async function importKey(members: Record<string, unknown>, alg: string): Promise<CryptoKey | undefined> {
  const told = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
  const jose = await loadJose()
  try {
    const key = await jose.importJWK(told as Parameters<typeof importJWK>[0], alg)
    return key instanceof Uint8Array || isWeak(key) ? undefined : key
  } catch {
    return undefined
  }
}

function isWeak({ algorithm }: CryptoKey): boolean {
  const { modulusLength } = algorithm as { readonly modulusLength?: number }
  return modulusLength !== undefined && modulusLength < leastRsaBits
}
