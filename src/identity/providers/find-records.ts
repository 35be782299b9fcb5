/**
 * Which records are a newcomer's: what a claim names outright, the one practitioner with an identifier, the one patient
 * whom verified demographics fit. None and several are both nobody. @see docs/adr/0027
 */
import { parseReference } from '../../smart/ids.ts'
import type { Role } from '../account.ts'
import type { Person } from './identity.ts'
import type { RecordLookup } from './ports.ts'
import { Refusal } from './refusal.ts'

/** A clinician's record, and a patient's; a person may have both. */
export interface FoundRecords {
  readonly practitioner?: string
  readonly patient?: string
}

/** Finds them; refuses as `ambiguous` when there are several. */
export async function findRecords(person: Person, records: RecordLookup): Promise<FoundRecords> {
  const is = (role: Role) => person.roles.includes(role)
  const practitioner = is('clinician') ? await practitionerOf(person, records) : undefined
  const patient = is('patient') ? await patientOf(person, records) : undefined
  return { ...(practitioner !== undefined && { practitioner }), ...(patient !== undefined && { patient }) }
}

async function practitionerOf(person: Person, records: RecordLookup): Promise<string | undefined> {
  const named = await namedRecord(person, records, 'Practitioner')
  if (named !== undefined || !person.practitioner) return named
  return only(await records.practitioners(person.practitioner), 'practitioners with this identifier')
}

async function patientOf(person: Person, records: RecordLookup): Promise<string | undefined> {
  const named = await namedRecord(person, records, 'Patient')
  if (named !== undefined || !person.demographics) return named
  const id = only(await records.patients(person.demographics), 'patients with these demographics')
  return id === undefined ? undefined : `Patient/${id}`
}

/** The record of a claim when it is of that type and there; a version of it is not it. */
async function namedRecord(
  { fhirUser }: Person,
  records: RecordLookup,
  type: string,
): Promise<string | undefined> {
  const parsed = parseReference(fhirUser)
  if (parsed?.type !== type) return undefined
  const reference = `${parsed.type}/${parsed.id}`
  return (await records.exists(reference)) ? reference : undefined
}

function only(found: readonly string[], what: string): string | undefined {
  if (found.length > 1) throw new Refusal('ambiguous', `several ${what}`)
  return found[0]
}
