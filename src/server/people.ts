/** The signed-in person as each role wants to see them, and what that person may do in the server's own pages. */
import type { User } from '../authorization/ports.ts'
import type { EhrUser } from '../ehr/ports.ts'
import type { HttpRequest } from '../http/route.ts'
import { type Account, kindOf } from '../identity/account.ts'
import type { Identity } from '../identity/index.ts'
import type { UserRights } from '../resource/ports.ts'
import type { Caller } from '../resource/request.ts'
import { parseGrant, resourceScopes } from '../smart/grant.ts'

/** What the server's own pages ask with: nothing beyond the person's own rights, which decide. */
const ownScopes = resourceScopes(parseGrant('user/*.cruds'))

/** Rights of accounts as they are now; nothing for an account that is unknown or disabled. */
export async function rightsOfUser(identity: Identity, userId: string): Promise<UserRights | undefined> {
  const account = await identity.accounts.find(userId)
  if (!account || account.disabled) return undefined
  return { rights: await identity.rightsOf(account), withheld: identity.withheldFrom(account) }
}

/** The person themself as the maker of a FHIR request; nothing for an account that is unknown or disabled. */
export async function callerOfUser(identity: Identity, userId: string): Promise<Caller | undefined> {
  const account = await identity.accounts.find(userId)
  if (!account || account.disabled) return undefined
  const rights = await identity.rightsOf(account)
  return {
    authority: { scopes: ownScopes, rights, withheld: identity.withheldFrom(account) },
    user: account.id,
    ...(account.fhirUser !== undefined && { fhirUser: account.fhirUser }),
  }
}

/** Whether a patient's record is this person's own. */
export function isOwnRecord({ records, fhirUser }: Account, patientId: string): boolean {
  return [...records, fhirUser].includes(`Patient/${patientId}`)
}

/** The person at the browser, as the authorization server knows one. */
export async function userOf(identity: Identity, request: HttpRequest): Promise<User | undefined> {
  const session = await identity.sessionOf(request)
  if (!session) return undefined
  const { account, sessionId } = session
  return {
    id: account.id,
    sessionId,
    name: account.name,
    kind: kindOf(account) === 'patient' ? 'patient' : 'clinician',
    ...(account.fhirUser !== undefined && { fhirUser: account.fhirUser }),
    authenticatedAt: session.authTime,
  }
}

/** The person at the browser, as the EHR knows one. */
export async function ehrUserOf(identity: Identity, request: HttpRequest): Promise<EhrUser | undefined> {
  const session = await identity.sessionOf(request)
  if (!session) return undefined
  const { account, sessionId } = session
  const patients = await identity.ownPatients(account)
  const ownRecord = patients.find((id) => isOwnRecord(account, id))
  return {
    id: account.id,
    username: account.username,
    name: account.name,
    sessionId,
    kind: kindOf(account),
    ...(account.fhirUser !== undefined && { fhirUser: account.fhirUser }),
    ...(ownRecord !== undefined && { ownRecord }),
    patients,
  }
}
