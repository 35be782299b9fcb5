/** In what ways a person comes to records: as the patient, for a patient, as a clinician. */
import { parseReference } from '../smart/ids.ts'
import type { Capacity, SitePolicy } from '../smart/policy.ts'
import type { Account } from './account.ts'
import { isAheadAt, isOverAt, isYoungerThan } from './period.ts'
import type { Acting, Relations } from './ports.ts'

/**
 * The purpose of use that each capacity stands for. No request of SMART App Launch carries a purpose of its own that
 * could be believed, so it follows from who the person is. @see HL7 v3 PurposeOfUse
 */
const purposes = {
  clinician: 'TREAT',
  patient: 'PATRQT',
  'related-person': 'FAMRQT',
  administrator: 'HOPERAT',
} as const

/** Every FHIR record that is this person. */
export function selvesOf(account: Account): string[] {
  return [...new Set([...(account.fhirUser === undefined ? [] : [account.fhirUser]), ...account.records])]
}

/** Those of them that are of these types. */
export function selvesOfTypes(account: Account, ...types: readonly string[]): string[] {
  return selvesOf(account).filter((text) => types.includes(parseReference(text)?.type ?? ''))
}

/** The capacities of an account at `now`; a disabled account, and one without roles, has none. */
export async function capacitiesOf(
  account: Account,
  relations: Relations,
  { majority, withhold, consents }: SitePolicy,
  now: number,
): Promise<Capacity[]> {
  if (account.disabled) return []
  const found: Capacity[] = []
  if (account.roles.includes('clinician')) {
    const exceptions = [...withhold, ...(consents ? [consents] : [])].flatMap(({ unless }) => unless)
    // Posts are looked up only where a rule asks for one.
    const asksForPosts = exceptions.some(({ roles = [] }) => roles.some((role) => role.includes('|')))
    const posts = asksForPosts ? await relations.postsOf(practitionersOf(account)) : []
    found.push({ role: 'clinician', posts, purpose: purposes.clinician })
  }
  if (account.roles.includes('patient')) {
    const own = ownIds(account)
    const acting = await actingFor(account, relations, majority, now)
    if (own.length > 0) found.push(boundTo('patient', own))
    if (acting.length > 0) found.push(boundTo('related-person', acting))
  }
  if (found.length === 0 && account.roles.includes('admin'))
    found.push({ role: 'administrator', posts: [], purpose: purposes.administrator })
  return found
}

function boundTo(role: 'patient' | 'related-person', patients: readonly string[]): Capacity {
  return { role, posts: [], purpose: purposes[role], patients }
}

/** The records by which a clinician stands in care teams, encounters and appointments. */
export function practitionersOf(account: Account): string[] {
  return selvesOfTypes(account, 'Practitioner', 'PractitionerRole')
}

/** The ids of the patients that this person is. */
export function ownIds(account: Account): string[] {
  return selvesOfTypes(account, 'Patient').map(idOf)
}

async function actingFor(
  account: Account,
  relations: Relations,
  majority: SitePolicy['majority'],
  now: number,
): Promise<string[]> {
  const ties = selvesOfTypes(account, 'RelatedPerson').map(idOf)
  const found = await Promise.all(ties.map((id) => relations.recordOf(id)))
  const own = ownIds(account)
  const current = found.flatMap((one) => (one && isActing(one, majority, now) ? [one.patient] : []))
  return [...new Set(current)].filter((id) => !own.includes(id))
}

/** A relation ends with its period; a parent's, and any that is not known to be another, with the child's majority. */
function isActing(acting: Acting, { years, exceptFor }: SitePolicy['majority'], now: number): boolean {
  if (isAheadAt(acting.since, now) || isOverAt(acting.until, now)) return false
  return (
    acting.relationships.some((code) => exceptFor.includes(code)) ||
    isYoungerThan(years, acting.birthDate, now)
  )
}

function idOf(reference: string): string {
  return parseReference(reference)?.id ?? ''
}
