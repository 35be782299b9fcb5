import type { Resource } from '../smart/resource.ts'
import { concept, hl7, reference } from './concepts.ts'

/** A clinician of the clinic: the id of the Practitioner and how the name is shown. */
export interface Clinician {
  readonly id: string
  readonly name: string
}

interface Post extends Clinician {
  readonly family: string
  readonly given: string
  readonly prefix?: string
  readonly gender: 'female' | 'male'
  readonly number: string
  readonly role: readonly [code: string, display: string]
  readonly specialty: string
}

const POSTS: readonly Post[] = [
  post('dr-lin', 'Lin', 'Yu-Wen', 'Dr', 'female', 'PHY-0101', ['doctor', 'Doctor'], 'Family medicine'),
  post(
    'nurse-okafor',
    'Okafor',
    'Ngozi',
    undefined,
    'female',
    'NUR-0207',
    ['nurse', 'Nurse'],
    'Case management',
  ),
  post('dr-haddad', 'Haddad', 'Karim', 'Dr', 'male', 'PHY-0102', ['doctor', 'Doctor'], 'Paediatrics'),
  post(
    'dr-bergstrom',
    'Bergström',
    'Anna',
    'Dr',
    'female',
    'PHY-0103',
    ['doctor', 'Doctor'],
    'Internal medicine',
  ),
  post('dr-kao', 'Kao', 'Wei-Lun', 'Dr', 'male', 'PHY-0104', ['doctor', 'Doctor'], 'Psychiatry'),
  post('nurse-tran', 'Trần', 'Minh', undefined, 'male', 'NUR-0208', ['nurse', 'Nurse'], 'General nursing'),
]

/** The ids of the clinic's own organisation, laboratory and places. */
export const CLINIC = {
  organization: 'org-lanternbay',
  laboratory: 'org-lanternbay-laboratory',
  insurer: 'org-national-health-insurance',
  location: 'loc-lanternbay-clinic',
  ward: 'loc-lanternbay-ward',
} as const

/** The clinician with this id of the clinic. */
export function clinician(id: string): Clinician {
  const found = POSTS.find((one) => one.id === id)
  if (!found) throw new RangeError(`no clinician ${id}`)
  return found
}

/** The clinic itself: organisations, places, practitioners and their roles. The same for every seed and day. */
export function clinicResources(): Resource[] {
  return [
    organization(CLINIC.organization, 'Lantern Bay Family Clinic', 'prov', 'Healthcare Provider'),
    organization(
      CLINIC.laboratory,
      'Lantern Bay Clinical Laboratory',
      'dept',
      'Hospital Department',
      CLINIC.organization,
    ),
    organization(CLINIC.insurer, 'National Health Insurance (invented)', 'ins', 'Insurance Company'),
    place(CLINIC.location, 'Lantern Bay Family Clinic', 'OF', 'Outpatient facility'),
    place(CLINIC.ward, 'Lantern Bay Observation Ward', 'HU', 'Hospital unit'),
    ...POSTS.map(practitioner),
    ...POSTS.map(practitionerRole),
  ]
}

function post(
  id: string,
  family: string,
  given: string,
  prefix: string | undefined,
  gender: Post['gender'],
  number: string,
  role: Post['role'],
  specialty: string,
): Post {
  const name = prefix === undefined ? `${given} ${family}` : `${prefix} ${given} ${family}`
  return {
    id,
    family,
    given,
    gender,
    number,
    role,
    specialty,
    name,
    ...(prefix === undefined ? {} : { prefix }),
  }
}

function organization(id: string, name: string, code: string, display: string, partOf?: string): Resource {
  return {
    resourceType: 'Organization',
    id,
    identifier: [{ system: 'urn:chartkey:organization', value: id }],
    active: true,
    type: [concept(hl7('organization-type', code, display))],
    name,
    telecom: [{ system: 'phone', value: '+886-2-5550-0100', use: 'work' }],
    address: [
      {
        line: ['No. 8, Ferry Road'],
        city: 'New Taipei City',
        district: 'Tamsui District',
        postalCode: '251',
        country: 'TW',
      },
    ],
    ...(partOf === undefined ? {} : { partOf: reference('Organization', partOf) }),
  }
}

function place(id: string, name: string, code: string, display: string): Resource {
  return {
    resourceType: 'Location',
    id,
    identifier: [{ system: 'urn:chartkey:location', value: id }],
    status: 'active',
    name,
    mode: 'instance',
    type: [concept(hl7('v3-RoleCode', code, display))],
    address: {
      line: ['No. 8, Ferry Road'],
      city: 'New Taipei City',
      district: 'Tamsui District',
      postalCode: '251',
      country: 'TW',
    },
    managingOrganization: reference('Organization', CLINIC.organization),
  }
}

function practitioner(one: Post): Resource {
  return {
    resourceType: 'Practitioner',
    id: one.id,
    identifier: [{ system: 'urn:chartkey:staff', value: one.number }],
    active: true,
    name: [
      {
        use: 'official',
        text: one.name,
        family: one.family,
        given: [one.given],
        ...(one.prefix ? { prefix: [one.prefix] } : {}),
      },
    ],
    telecom: [{ system: 'email', value: `${one.id}@lanternbay.example`, use: 'work' }],
    gender: one.gender,
  }
}

function practitionerRole(one: Post): Resource {
  return {
    resourceType: 'PractitionerRole',
    id: `role-${one.id}`,
    active: true,
    practitioner: reference('Practitioner', one.id, one.name),
    organization: reference('Organization', CLINIC.organization, 'Lantern Bay Family Clinic'),
    code: [concept(hl7('practitioner-role', ...one.role))],
    specialty: [{ text: one.specialty }],
    location: [reference('Location', CLINIC.location)],
    telecom: [{ system: 'phone', value: '+886-2-5550-0100', use: 'work' }],
  }
}
