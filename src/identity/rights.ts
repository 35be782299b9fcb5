/**
 * What a person may do, as slices, whatever app they use: a patient has their own record and those they act for, a
 * clinician what the site's policy says, everybody the reference data. What is withheld is taken from that again.
 */
import { resourceTypes } from '../smart/compartment.r4.ts'
import { referenceTypes } from '../smart/compartment.ts'
import type { Right } from '../smart/decision.ts'
import type { Capacity, CareRule, SitePolicy } from '../smart/policy.ts'
import { recordsOf } from '../smart/record.ts'
import type { Letter } from '../smart/scope.ts'
import type { Slice } from '../smart/slice.ts'
import type { Account } from './account.ts'
import { practitionersOf, selvesOf } from './capacities.ts'
import type { Relations } from './ports.ts'

const READING: readonly Letter[] = ['r', 's']
const WRITING: readonly Letter[] = ['c', 'u', 'd']
const EVERYTHING: readonly Letter[] = ['c', 'r', 'u', 'd', 's']

/**
 * All types but that of posts, which exceptions of a policy rest on: whoever could write their own would take back what
 * is withheld from them.
 */
const writableTypes = resourceTypes.filter((type) => type !== 'PractitionerRole')

const everyRecord: readonly Right[] = [
  { letters: READING, slice: sliceOf('*') },
  ...writableTypes.map((type) => ({ letters: WRITING, slice: sliceOf(type) })),
]

/** The rights of an app that acts for itself: every record, so that its scopes alone say which part (docs/adr/0021). */
export const systemRights: readonly Right[] = everyRecord

/** What people add to their own record: they may create it, and change it where this parameter names them as its maker. */
const OWN_CONTRIBUTIONS: Readonly<Record<string, string>> = {
  Communication: 'sender',
  Consent: 'consentor',
  DocumentReference: 'author',
  Observation: 'performer',
  QuestionnaireResponse: 'author',
}

/** The rights of an account that comes to records in these capacities; a disabled account has none. */
export async function rightsOf(
  account: Account,
  capacities: readonly Capacity[],
  relations: Relations,
  policy: SitePolicy,
): Promise<Right[]> {
  if (account.disabled) return []
  const rights = await Promise.all(
    capacities.map(async ({ role, patients = [] }) => {
      if (role === 'clinician') return clinicianRights(account, relations, policy)
      return patientRights(account, patients)
    }),
  )
  return [...rights.flat(), ...referenceTypes.map((type) => ({ letters: READING, slice: sliceOf(type) }))]
}

async function clinicianRights(
  account: Account,
  relations: Relations,
  { clinicians, care }: SitePolicy,
): Promise<readonly Right[]> {
  if (clinicians === 'everyone' && !account.careTeamOnly) return everyRecord
  const rule: CareRule = account.careTeamOnly ? { ...care, by: ['care-team'] } : care
  const practitioners = practitionersOf(account)
  const patients = practitioners.length === 0 ? [] : await relations.patientsInCareOf(practitioners, rule)
  return onRecords([...new Set(patients)], EVERYTHING)
}

function patientRights(account: Account, patients: readonly string[]): Right[] {
  const makers = selvesOf(account).join(',')
  return [...onRecords(patients, READING), ...patients.flatMap((id) => contributions(id, makers))]
}

function contributions(patient: string, makers: string): Right[] {
  const compartments = [`Patient/${patient}`]
  return Object.entries(OWN_CONTRIBUTIONS).flatMap(([type, parameter]): Right[] => [
    { letters: ['c'], slice: { type, compartments, filter: [] } },
    { letters: ['u'], slice: { type, compartments, filter: [{ parameter, value: makers }] } },
  ])
}

function onRecords(patients: readonly string[], letters: readonly Letter[]): Right[] {
  return recordsOf(patients).map((slice) => ({ letters, slice }))
}

function sliceOf(type: string): Slice {
  return { type, compartments: [], filter: [] }
}
