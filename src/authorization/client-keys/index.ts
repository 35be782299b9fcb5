/** The keys by which apps prove that something comes from them: registered, or published where they registered. CAUTH-07, CAUTH-39 to CAUTH-41. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import type { Outbound } from '../../http/outbound.ts'
import type { Client, PublicJwk } from '../client.ts'
import { createMemory } from '../memory.ts'
import { createRemoteKeys } from './remote-keys.ts'
import { type KeyHint, selectKey } from './select-key.ts'

export interface ClientKeys {
  /** The one key of an app that a signature names; nothing when it has none such, or more than one. */
  find(client: Client, hint: KeyHint): Promise<KeyObject | undefined>
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
  const ready = createMemory<KeyObject | 'none'>(most)

  async function keysOf({ jwks, jwksUri }: Client, hint: KeyHint): Promise<readonly PublicJwk[]> {
    if (jwksUri === undefined) return jwks?.keys ?? []
    return remote.load(jwksUri, (keys) => selectKey(keys, hint) !== undefined)
  }

  function imported({ kty, crv, n, e, x, y }: PublicJwk): KeyObject | undefined {
    const name = JSON.stringify([kty, crv, n, e, x, y])
    let key = ready.get(name, 0)
    if (key === undefined) {
      key = importKey({ kty, crv, n, e, x, y })
      ready.set(name, key, Number.POSITIVE_INFINITY)
    }
    return key === 'none' ? undefined : key
  }

  return {
    async find(client, hint) {
      const key = selectKey(await keysOf(client, hint), hint)
      return key && imported(key)
    },
  }
}

/** Only what makes the key: how it may be used was judged before. */
function importKey(members: Record<string, unknown>): KeyObject | 'none' {
  const told = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
  try {
    const key = createPublicKey({ key: told, format: 'jwk' })
    return isWeak(key) ? 'none' : key
  } catch {
    return 'none'
  }
}

function isWeak({ asymmetricKeyDetails: { modulusLength } = {} }: KeyObject): boolean {
  return modulusLength !== undefined && modulusLength < leastRsaBits
}
