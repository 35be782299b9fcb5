/** The people whom another system may launch apps for: on its word a browser is signed in as one of them. */
import { signedIn } from '../audit/event.ts'
import type { Trail } from '../audit/trail.ts'
import type { LaunchPeople } from '../ehr/ports.ts'
import { type Account, normalUsername } from '../identity/account.ts'
import type { Identity } from '../identity/index.ts'
import { sessionIdIn } from '../identity/sessions.ts'
import { parseReference } from '../smart/ids.ts'

const personTypes = new Set(['Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson', 'Person'])

export function createLaunchPeople(
  identity: Pick<Identity, 'accounts' | 'signInAs'>,
  trail: Trail,
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
    async signIn(id, request) {
      const account = await accounts.find(id)
      if (!account || !mayBeSignedIn(account)) return undefined
      const { fhirUser } = account
      const actor = { user: id, address: request.remoteAddress, ...(fhirUser !== undefined && { fhirUser }) }
      await trail.record(signedIn(actor, 'launch'))
      const cookies = await identity.signInAs(account, request)
      return { sessionId: sessionIdIn(cookies), cookies }
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
