/** The people and apps behind the ids of the audit trail, as they are now; believed for a minute, for a page names few of them often. */
import { createMemory } from '../authorization/memory.ts'
import type { ClientStore } from '../authorization/ports.ts'
import type { AccountStore } from '../identity/ports.ts'
import type { Names } from '../resource/audit-events/forms.ts'

const MINUTE = 60_000
const remembered = 10_000

/** Looks names up; an id that nobody has (any more) has no name. */
export function createNames(accounts: AccountStore, clients: ClientStore, now: () => number): Names {
  return {
    person: remember(async (id) => {
      const account = await accounts.find(id)
      if (!account) return undefined
      const { name, fhirUser } = account
      return fhirUser === undefined ? { name } : { name, fhirUser }
    }, now),
    app: remember(async (id) => (await clients.find(id))?.name, now),
  }
}

function remember<Found>(
  find: (id: string) => Promise<Found | undefined>,
  now: () => number,
): (id: string) => Promise<Found | undefined> {
  const memory = createMemory<{ readonly found: Found | undefined }>(remembered)
  return async (id) => {
    const known = memory.get(id, now())
    if (known) return known.found
    const found = await find(id)
    memory.set(id, { found }, now() + MINUTE)
    return found
  }
}
