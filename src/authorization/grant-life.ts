// Whether what was issued still counts: asked with every FHIR request, so an answer is believed for a second. REFR-20, RFC-05; RFC 7009 §2.
import { GRANT_LIVENESS_MEMORY, GRANT_USE_NOTED } from './durations.ts'
import { createMemory } from './memory.ts'
import type { GrantStore } from './ports.ts'

/** Asks about grants and their access tokens, and ends them: at this process at once, at others within a second. */
export interface GrantLife {
  /** Whether the grant lives and, if one is named, this token of it; `originId` is the token it was exchanged for. That it was used is kept. */
  isLive(grantId: string, tokenId?: string, originId?: string): Promise<boolean>
  /** Ends the grant and all its tokens. */
  end(grantId: string): Promise<void>
  /** Ends one access token; `expiresAt` is its own end, in milliseconds since 1970. */
  revokeToken(grantId: string, tokenId: string, expiresAt: number): Promise<void>
  /** Forgets what was believed about all grants, after an app was disabled. */
  forget(): void
}

const remembered = 10_000
const noToken = ''

/** The grants' life over a store. */
export function createGrantLife(grants: GrantStore, now: () => number): GrantLife {
  // By grant, the tokens that were live: one look a request, and one place to forget at.
  let live = createMemory<Set<string>>(remembered)
  let epoch = 0
  const noted = createMemory<true>(remembered)

  /** Nothing fails for it: the trail has each access, this is for a glance at the page of connected apps. */
  async function noteUse(grantId: string): Promise<void> {
    if (noted.get(grantId, now())) return
    noted.set(grantId, true, now() + GRANT_USE_NOTED)
    await grants.noteUse(grantId, now()).catch(() => noted.delete(grantId))
  }

  function forgetOne(grantId: string): void {
    epoch++
    live.delete(grantId)
  }

  return {
    async isLive(grantId, tokenId = noToken, originId = tokenId) {
      if (live.get(grantId, now())?.has(tokenId)) return true
      const asked = epoch
      const isLive = await grants.isLive(grantId, tokenId, originId)
      // An answer from before a revocation must not outlive it.
      if (isLive && asked === epoch) {
        const known = live.get(grantId, now())
        if (known) known.add(tokenId)
        else live.set(grantId, new Set([tokenId]), now() + GRANT_LIVENESS_MEMORY)
      }
      if (isLive) await noteUse(grantId)
      return isLive
    },
    async end(grantId) {
      await grants.end(grantId, now())
      forgetOne(grantId)
    },
    async revokeToken(grantId, tokenId, expiresAt) {
      await grants.revokeToken(tokenId, expiresAt)
      forgetOne(grantId)
    },
    forget() {
      epoch++
      live = createMemory(remembered)
    },
  }
}
