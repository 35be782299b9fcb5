// Keys that apps publish: asked for once, whoever needs them, kept as long as the app says and no longer, and asked for
// again when one is missing, but not for every stranger who names a key that never was. CAUTH-09, CAUTH-10, CAUTH-43 to CAUTH-46, AMB-14.
import type { Outbound } from '../../http/outbound.ts'
import type { PublicJwk } from '../client.ts'
import { createMemory } from '../memory.ts'
import { freshnessOf } from './cache-control.ts'

/** Keys by their address. */
export interface RemoteKeys {
  /** The published keys, asked for anew where none of those at hand `suits`. Empty when they cannot be had. */
  load(url: string, suits: (keys: readonly PublicJwk[]) => boolean): Promise<readonly PublicJwk[]>
}

interface RemoteKeysDeps {
  readonly outbound: Pick<Outbound, 'get'>
  readonly now: () => number
}

interface Kept {
  readonly keys: readonly PublicJwk[]
  /** When they were asked for last. */
  readonly askedAt: number
  readonly freshUntil: number
}

const SECOND = 1000
const limits = { accept: 'application/json', maxBytes: 64 * 1024, timeout: 5 * SECOND, purpose: 'keys' }
/** A key that is missing from a fresh set makes us ask again no sooner than this; so does a failure. */
const ASK_AGAIN_AFTER = 10 * SECOND
const most = 1000
const mostKeys = 100

/** The published keys of all apps, in the memory of this process. */
export function createRemoteKeys({ outbound, now }: RemoteKeysDeps): RemoteKeys {
  const kept = createMemory<Kept>(most)
  const running = new Map<string, Promise<Kept>>()

  async function ask(url: string): Promise<Kept> {
    const askedAt = now()
    const answer = await outbound.get(url, limits)
    const keys = 'body' in answer && answer.status === 200 ? parseKeys(answer.body) : undefined
    const before = kept.get(url, now())
    const told: Kept =
      keys && 'body' in answer
        ? { keys, askedAt, freshUntil: askedAt + freshnessOf(answer.headers) }
        : // What is still fresh stays so, whatever happened to the server.
          { keys: before?.keys ?? [], askedAt, freshUntil: before?.freshUntil ?? askedAt + ASK_AGAIN_AFTER }
    kept.set(url, told, told.freshUntil)
    return told
  }

  function askOnce(url: string): Promise<Kept> {
    const asked = running.get(url) ?? ask(url).finally(() => running.delete(url))
    running.set(url, asked)
    return asked
  }

  return {
    async load(url, suits) {
      const known = kept.get(url, now())
      const isEnough = known && (suits(known.keys) || now() < known.askedAt + ASK_AGAIN_AFTER)
      return isEnough ? known.keys : (await askOnce(url)).keys
    },
  }
}

/** The keys of a JWK Set; nothing when it is none. */
function parseKeys(text: string): readonly PublicJwk[] | undefined {
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown }
    if (!Array.isArray(keys) || keys.length > mostKeys) return undefined
    return keys.filter((key) => typeof key === 'object' && key !== null && !Array.isArray(key))
  } catch {
    return undefined
  }
}
