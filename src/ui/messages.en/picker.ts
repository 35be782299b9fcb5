/** Choosing the patient and the encounter that an app gets to know. */
export const picker = {
  patientTitle: 'Choose a patient',
  patientLead: (app: string) => `${app} works with one patient at a time. Which one?`,
  ownTitle: 'Whose record?',
  ownLead: (app: string) =>
    `${app} works with one record at a time. Choose yours, or that of someone you care for.`,
  search: 'Name, record number or birth date',
  searchButton: 'Search',
  recent: 'Recently updated',
  found: (count: number) => (count === 1 ? '1 patient found' : `${count} patients found`),
  nobodyFound: 'No patient found. Try another name or number.',
  nobodyRecent: 'Search for the patient by name, record number or birth date.',
  nobodyOwn:
    'No health record is linked to your account. Please ask the organisation that gave you the account.',
  born: (date: string) => `born ${date}`,
  genders: { male: 'male', female: 'female', other: 'other', unknown: 'sex unknown' } as Readonly<
    Record<string, string>
  >,
  self: 'You',
  dependant: 'You care for',
  encounterTitle: 'Choose a visit',
  encounterLead: (app: string, patient: string) => `${app} asks which visit of ${patient} this is about.`,
  encounterCurrent: 'now',
  withoutEncounter: 'Go on without a visit',
  resourceTitle: 'Choose what this is about',
  resourceLead: (app: string, kind: string) => `${app} asks which of these this is about: ${kind}.`,
  resourceOfPatientLead: (app: string, kind: string, patient: string) =>
    `${app} asks which of these of ${patient} this is about: ${kind}.`,
  resourceRole: 'Asked for as',
  withoutResource: 'Go on without',
  cancel: 'Cancel and go back to the app',
}
