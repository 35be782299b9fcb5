/**
 * Rights of accounts, believed for half a second: they are asked for with every FHIR request, and change seldom.
 * Whatever they rest on (account, relations, policy, Consents, broken glass) is asked anew after that; Consents may be
 * half a second old by then, so that nothing is believed for longer than a second. Rights that turn out to be what they
 * were are told as the same value, so that what was worked out of them still holds.
 */
import { isDeepStrictEqual } from 'node:util'
import { createMemory } from '../authorization/memory.ts'
import { withTrail } from '../identity/audit-rights.ts'
import type { Identity } from '../identity/index.ts'
import type { Rights, UserRights } from '../resource/ports.ts'

const RIGHTS_MEMORY = 500
/** Of whom nothing is asked for so long, nothing is kept that could be compared. */
const COMPARED_FOR = 10 * 60 * 1000
const remembered = 10_000

/** Rights, and a way to have them asked anew at once. */
export interface RememberedRights extends Rights {
  forget(userId: string): void
}

/** The rights of an account; nothing for one that is unknown or disabled, which is not remembered. */
export function createRights(identity: Identity, now: () => number): RememberedRights {
  type Asked = Promise<UserRights | undefined>
  // The question is remembered, not its answer: requests that come at once ask once.
  const memory = createMemory<Asked>(remembered)
  const before = createMemory<UserRights>(remembered)

  async function settled(key: string, ask: () => Asked): Asked {
    const rights = await ask()
    if (!rights) return undefined
    const known = before.get(key, now())
    const same = known && isDeepStrictEqual(known, rights) ? known : rights
    before.set(key, same, now() + COMPARED_FOR)
    return same
  }

  function remember(key: string, ask: () => Asked): Asked {
    const known = memory.get(key, now())
    if (known) return known
    const asked = settled(key, ask)
    memory.set(key, asked, now() + RIGHTS_MEMORY)
    const drop = () => {
      if (memory.get(key, now()) === asked) memory.delete(key)
    }
    asked.then((rights) => rights === undefined && drop(), drop)
    return asked
  }

  return {
    of: (userId) =>
      remember(`user ${userId}`, async () => {
        const account = await identity.accounts.find(userId)
        if (!account || account.disabled) return undefined
        const { fhirUser } = account
        const share = withTrail(account, await identity.rightsOf(account))
        return { ...share, ...(fhirUser !== undefined && { fhirUser }) }
      }),
    ofClient: () => remember('client', async () => withTrail({ roles: [] }, await identity.rightsOfSystem())),
    forget: (userId) => memory.delete(`user ${userId}`),
  }
}
