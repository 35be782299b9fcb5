/**
 * What a person may do, as slices, whatever app they use: a patient has their own record and those they act for, a
 * clinician what the site's policy says, everybody the reference data. What is withheld is taken from that again.
 */
import { referenceTypes } from '../smart/compartment.ts'
import type { Right } from '../smart/decision.ts'
import type { FilterItem } from '../smart/filter.ts'
import { parseReference } from '../smart/ids.ts'
import { recordOf } from '../smart/record.ts'
import type { Letter } from '../smart/scope.ts'
import type { Slice } from '../smart/slice.ts'
import type { Account } from './account.ts'
import { isOverAt } from './period.ts'
import type { Relations } from './ports.ts'

const READING: readonly Letter[] = ['r', 's']
const EVERYTHING: readonly Letter[] = ['c', 'r', 'u', 'd', 's']
const RELEASE_TAG: FilterItem = { parameter: '_tag', value: 'urn:chartkey:release|unreleased' }
const WITHHELD_TYPES = ['Observation', 'DiagnosticReport']

/** What people add to their own record: they may create it, and change it where this parameter names them as its maker. */
const OWN_CONTRIBUTIONS: Readonly<Record<string, string>> = {
  Communication: 'sender',
  DocumentReference: 'author',
  Observation: 'performer',
  QuestionnaireResponse: 'author',
}

/** The rights of an account at `now` (milliseconds); a disabled account has none. */
export async function rightsOf(account: Account, relations: Relations, now: number): Promise<Right[]> {
  if (account.disabled) return []
  return [
    ...(await clinicianRights(account, relations)),
    ...(await patientRights(account, relations, now)),
    ...referenceTypes.map((type) => ({ letters: READING, slice: sliceOf(type) })),
  ]
}

/** The slices that policy withholds from an account: results that wait for release, from everybody but clinicians. */
export function withheldFrom(account: Account): Slice[] {
  if (account.roles.includes('clinician')) return []
  return WITHHELD_TYPES.map((type) => ({ type, compartments: [], filter: [RELEASE_TAG] }))
}

/** The ids of the patients a patient account has the records of: their own first, then those they act for. */
export async function ownPatients(account: Account, relations: Relations, now: number): Promise<string[]> {
  if (account.disabled || !account.roles.includes('patient')) return []
  const own = recordIds(account, 'Patient')
  const acting = await Promise.all(recordIds(account, 'RelatedPerson').map((id) => relations.recordOf(id)))
  const current = acting.flatMap((found) => (found && !isOverAt(found.until, now) ? [found.patient] : []))
  return [...new Set([...own, ...current])]
}

async function clinicianRights(account: Account, relations: Relations): Promise<Right[]> {
  if (!account.roles.includes('clinician')) return []
  if (!account.careTeamOnly) return [{ letters: EVERYTHING, slice: sliceOf('*') }]
  const patients = await Promise.all(
    recordIds(account, 'Practitioner').map((id) => relations.patientsInCareOf(id)),
  )
  return [...new Set(patients.flat())].flatMap((id) => onRecord(id, EVERYTHING))
}

async function patientRights(account: Account, relations: Relations, now: number): Promise<Right[]> {
  const makers = selves(account).join(',')
  return (await ownPatients(account, relations, now)).flatMap((id) => [
    ...onRecord(id, READING),
    ...contributions(id, makers),
  ])
}

function contributions(patient: string, makers: string): Right[] {
  const compartments = [`Patient/${patient}`]
  return Object.entries(OWN_CONTRIBUTIONS).flatMap(([type, parameter]): Right[] => [
    { letters: ['c'], slice: { type, compartments, filter: [] } },
    { letters: ['u'], slice: { type, compartments, filter: [{ parameter, value: makers }] } },
  ])
}

function onRecord(patient: string, letters: readonly Letter[]): Right[] {
  return recordOf(patient).map((slice) => ({ letters, slice }))
}

function selves(account: Account): string[] {
  return [...new Set([...(account.fhirUser === undefined ? [] : [account.fhirUser]), ...account.records])]
}

function recordIds(account: Account, type: string): string[] {
  return selves(account).flatMap((text) => {
    const reference = parseReference(text)
    return reference?.type === type ? [reference.id] : []
  })
}

function sliceOf(type: string): Slice {
  return { type, compartments: [], filter: [] }
}
