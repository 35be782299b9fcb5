/** Rights of accounts, believed for a second: they are asked for with every FHIR request, and change seldom. */
import { createMemory } from '../authorization/memory.ts'
import type { Identity } from '../identity/index.ts'
import type { Rights, UserRights } from '../resource/ports.ts'

const SECOND = 1000
/** Whoever loses a right, or the account, has lost it after this time at the latest. */
const RIGHTS_MEMORY = 1 * SECOND
const remembered = 10_000

/** The rights of an account; nothing for one that is unknown or disabled, which is not remembered. */
export function createRights(identity: Identity, now: () => number): Rights {
  const memory = createMemory<UserRights>(remembered)
  return {
    async of(userId) {
      const known = memory.get(userId, now())
      if (known) return known
      const asked = now()
      const account = await identity.accounts.find(userId)
      if (!account || account.disabled) return undefined
      const rights = { rights: await identity.rightsOf(account), withheld: identity.withheldFrom(account) }
      memory.set(userId, rights, asked + RIGHTS_MEMORY)
      return rights
    },
  }
}
