/** An account of the sandbox and the record that stands behind it. */
export interface SandboxAccount {
  readonly username: string
  readonly name: string
  readonly roles: readonly ('clinician' | 'patient' | 'admin')[]
  /** The reference of the person's own FHIR record. */
  readonly fhirUser?: string
  /** Every FHIR record that is this person. */
  readonly records: readonly string[]
  /** Sees only the patients on whose care teams the person is. */
  readonly careTeamOnly?: boolean
}

/** The accounts of the sandbox. */
export const SANDBOX_ACCOUNTS: readonly SandboxAccount[] = [
  {
    username: 'dr.lin',
    name: 'Dr Yu-Wen Lin',
    roles: ['clinician'],
    fhirUser: 'Practitioner/dr-lin',
    records: ['Practitioner/dr-lin'],
  },
  {
    username: 'nurse.okafor',
    name: 'Ngozi Okafor',
    roles: ['clinician'],
    fhirUser: 'Practitioner/nurse-okafor',
    records: ['Practitioner/nurse-okafor'],
    careTeamOnly: true,
  },
  {
    username: 'patient.amara',
    name: 'Amara Whitfield',
    roles: ['patient'],
    fhirUser: 'Patient/amara',
    records: ['Patient/amara'],
  },
  {
    username: 'parent.diego',
    name: 'Diego Santillán',
    roles: ['patient'],
    fhirUser: 'RelatedPerson/diego-for-mateo',
    records: ['Patient/diego', 'RelatedPerson/diego-for-mateo'],
  },
  { username: 'admin', name: 'Administrator', roles: ['admin'], records: [] },
]
