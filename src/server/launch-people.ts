/** The people whom another system may launch apps for: on its word a browser is signed in as one of them. */
import type { LaunchPeople } from '../ehr/ports.ts'
import { type Account, normalUsername } from '../identity/account.ts'
import type { Identity } from '../identity/index.ts'
import { isByWord, type Session } from '../identity/sessions.ts'
import { parseReference } from '../smart/ids.ts'

const personTypes = new Set(['Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson', 'Person'])

export function createLaunchPeople(
  identity: Pick<Identity, 'accounts' | 'sessionOf' | 'startSession'>,
): LaunchPeople {
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
    async signIn(id, request, authTime) {
      const session = await identity.sessionOf(request)
      if (session?.account.id === id && !isOutdated(session, authTime))
        return { sessionId: session.sessionId, cookies: [] }
      const account = await accounts.find(id)
      if (!account || !mayBeSignedIn(account)) return undefined
      const { sessionId, cookies } = await identity.startSession(
        account,
        ['ehr'],
        request,
        undefined,
        authTime,
      )
      return sessionId === undefined ? undefined : { sessionId, cookies }
    },
  }
}

/** Whether what an EHR says is news of a session that is by its word alone; what a person proved here stands. */
function isOutdated({ methods, authTime }: Session, told: number | undefined): boolean {
  return told !== undefined && isByWord(methods) && (authTime === undefined || authTime < told)
}

function personOf(account: Account | undefined): { id: string; name: string } | undefined {
  return account && mayBeSignedIn(account) ? { id: account.id, name: account.name } : undefined
}

/** No other system has a say over who administers this one. */
function mayBeSignedIn({ disabled, roles }: Account): boolean {
  return !disabled && !roles.includes('admin')
}
