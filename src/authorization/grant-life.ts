// Whether what was issued still counts: asked with every FHIR request, so an answer is believed for a second. REFR-20, RFC-05.
import { GRANT_LIVENESS_MEMORY } from './durations.ts'
import { createMemory } from './memory.ts'
import type { GrantStore } from './ports.ts'

/** Asks about grants and ends them. */
export interface GrantLife {
  isLive(grantId: string): Promise<boolean>
  /** Ends the grant; at this process at once, at others within a second. */
  end(grantId: string): Promise<void>
  /** Forgets what was believed about all grants, after an app was disabled. */
  forget(): void
}

const remembered = 10_000

/** The grants' life over a store. */
export function createGrantLife(grants: GrantStore, now: () => number): GrantLife {
  let live = createMemory<true>(remembered)
  let epoch = 0
  return {
    async isLive(grantId) {
      if (live.get(grantId, now())) return true
      const asked = epoch
      const isLive = await grants.isLive(grantId)
      // An answer from before a revocation must not outlive it.
      if (isLive && asked === epoch) live.set(grantId, true, now() + GRANT_LIVENESS_MEMORY)
      return isLive
    },
    async end(grantId) {
      await grants.end(grantId, now())
      epoch++
      live.delete(grantId)
    },
    forget() {
      epoch++
      live = createMemory<true>(remembered)
    },
  }
}
