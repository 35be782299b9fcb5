/** The people whom another system may launch apps for: on its word a browser is signed in as one of them. */
import type { LaunchPeople } from '../ehr/ports.ts'
import { type Account, normalUsername } from '../identity/account.ts'
import type { Identity } from '../identity/index.ts'
import { parseReference } from '../smart/ids.ts'

const personTypes = new Set(['Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson', 'Person'])

export function createLaunchPeople(identity: Pick<Identity, 'accounts' | 'startSession'>): LaunchPeople {
  const { accounts } = identity
  return {
    async findNamed(name) {
      const reference = parseReference(name)
      const isRecord = reference?.version === undefined && personTypes.has(reference?.type ?? '')
      return personOf(
        await (isRecord ? accounts.findByRecord(name) : accounts.findByUsername(normalUsername(name))),
      )
    },
    find: async (id) => personOf(await accounts.find(id)),
    async signIn(id, request) {
      const account = await accounts.find(id)
      if (!account || !mayBeSignedIn(account)) return undefined
      const { sessionId, cookies } = await identity.startSession(account, ['ehr'], request)
      return sessionId === undefined ? undefined : { sessionId, cookies }
    },
  }
}

function personOf(account: Account | undefined): { id: string; name: string } | undefined {
  return account && mayBeSignedIn(account) ? { id: account.id, name: account.name } : undefined
}

/** No other system has a say over who administers this one. */
function mayBeSignedIn({ disabled, roles }: Account): boolean {
  return !disabled && !roles.includes('admin')
}
