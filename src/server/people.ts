/** The signed-in person as each role wants to see them. */
import type { SignInHints, User } from '../authorization/ports.ts'
import type { EhrUser } from '../ehr/ports.ts'
import type { HttpRequest } from '../http/route.ts'
import { type Account, kindOf } from '../identity/account.ts'
import type { Identity } from '../identity/index.ts'
import { signInUrl } from '../identity/return-to.ts'

/** Whether a patient's record is this person's own. */
export function isOwnRecord({ records, fhirUser }: Account, patientId: string): boolean {
  return [...records, fhirUser].includes(`Patient/${patientId}`)
}

/** The address of the sign-in page, by what an app asks of the sign-in. */
export function signInAddress(
  returnTo: string,
  { loginHint, uiLocales, again, level, must }: SignInHints,
): string {
  const wanted = level === undefined || level === 'sfa' ? undefined : must ? 'required' : 'asked'
  return signInUrl(returnTo, {
    ...(loginHint !== undefined && { username: loginHint }),
    ...(uiLocales !== undefined && { uiLocales }),
    ...(again && { again }),
    secondFactor: wanted,
  })
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
    ...(session.authTime !== undefined && { authenticatedAt: session.authTime }),
    methods: session.methods,
    ...(account.locale !== undefined && { locale: account.locale }),
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
