/** Who may change the labels that decide on who sees a resource, for the FHIR API: as the policy in force says it. */
import { requestsOf, waitingFrom } from '../ehr/chart/waiting.ts'
import { selvesOf } from '../identity/capacities.ts'
import type { Identity } from '../identity/index.ts'
import type { Labelling } from '../resource/ports.ts'
import type { Repository, Stored } from '../resource/repository.ts'
import type { Caller } from '../resource/request.ts'
import { type SitePolicy, stakeOf } from '../smart/policy.ts'
import type { Resource } from '../smart/resource.ts'

/** The rules over accounts, records and policy. */
export function createLabelling(
  identity: Pick<Identity, 'accounts' | 'isOneOf'>,
  records: Pick<Repository, 'vread' | 'read'>,
  policy: () => SitePolicy,
): Labelling {
  const accountOf = ({ user }: Caller) => (user === undefined ? undefined : identity.accounts.find(user))

  async function isOneOf(caller: Caller, rolesOrPosts: readonly string[]): Promise<boolean> {
    const account = await accountOf(caller)
    if (account) return !account.disabled && identity.isOneOf(account, rolesOrPosts)
    // An app that acts for itself: nobody stands behind it.
    return caller.user === undefined && caller.clientId !== undefined && rolesOrPosts.includes('system')
  }

  return {
    stakeOf: (label) => stakeOf(policy(), label),
    async mayRelease(caller, result) {
      if (await isOneOf(caller, policy().release.by)) return true
      const account = await accountOf(caller)
      if (!account || account.disabled) return false
      const selves = selvesOf(account)
      const orderers = await loadOrderers(result, records)
      return orderers.some((one) => selves.includes(one))
    },
    mayTakeOff: (caller) => isOneOf(caller, policy().labels.by),
  }
}

/**
 * Who ordered a result, both as it and its requests are now and as they were first: whoever may write them could put a
 * name there to release what somebody else ordered.
 */
async function loadOrderers(result: Stored, records: Pick<Repository, 'vread' | 'read'>): Promise<string[]> {
  const first = await records.vread(result.type, result.id, firstVersion)
  if (!first || first.deleted) return []
  const now = await orderersOf(result.resource, (id) => records.read('ServiceRequest', id))
  const then = await orderersOf(first.resource, (id) => records.vread('ServiceRequest', id, firstVersion))
  return now.filter((one) => then.includes(one))
}

const firstVersion = '1'
/** More requests than a result is based on. */
const mostRequests = 100

async function orderersOf(
  result: Resource,
  load: (id: string) => Promise<Stored | undefined>,
): Promise<readonly string[]> {
  const ids = [...new Set(requestsOf(result))].slice(0, mostRequests)
  const requests = await Promise.all(ids.map(load))
  const there = requests.flatMap((stored) => (stored && !stored.deleted ? stored.resource : []))
  return waitingFrom([result], there)[0]?.orderers ?? []
}
