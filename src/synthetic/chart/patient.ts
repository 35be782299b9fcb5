import type { Resource } from '../../smart/resource.ts'
import { CLINIC } from '../clinic.ts'
import { concept, hl7, reference } from '../concepts.ts'
import { dateOf, instantOf } from '../days.ts'
import type { Life, Person } from '../life.ts'

/** The system of the clinic's medical record numbers. */
export const MRN_SYSTEM = 'urn:chartkey:mrn'

/** The medical record number as an identifier. */
export function mrnOf(person: Person) {
  return {
    use: 'usual',
    type: concept(hl7('v2-0203', 'MR', 'Medical record number')),
    system: MRN_SYSTEM,
    value: person.mrn,
  }
}

/** The names of a person: romanised first, then in their own script. */
export function namesOf(person: Person): Record<string, unknown>[] {
  const [family, script] = person.family
  const [given, givenScript] = person.given
  const official = { use: 'official', text: `${given} ${family}`, family, given: [given] }
  if (script === undefined || givenScript === undefined) return [official]
  return [official, { use: 'usual', text: `${script}${givenScript}`, family: script, given: [givenScript] }]
}

/** The Patient resource; `seeAlso` names the RelatedPersons that are the same human being. */
export function patientResource(life: Life, seeAlso: readonly string[]): Resource {
  const { person } = life
  return {
    resourceType: 'Patient',
    id: person.id,
    identifier: [mrnOf(person)],
    active: person.died === undefined,
    name: namesOf(person),
    telecom: telecomOf(person),
    gender: person.sex,
    birthDate: dateOf(person.birth),
    ...(person.died === undefined ? {} : { deceasedDateTime: instantOf(person.died, 5 * 60) }),
    address: [person.home.address],
    communication: [
      {
        language: concept({
          system: 'urn:ietf:bcp:47',
          code: person.language[0],
          display: person.language[1],
        }),
        preferred: true,
      },
    ],
    generalPractitioner: [reference('Practitioner', life.physician.id, life.physician.name)],
    managingOrganization: reference('Organization', CLINIC.organization),
    ...(seeAlso.length === 0
      ? {}
      : { link: seeAlso.map((id) => ({ other: reference('RelatedPerson', id), type: 'seealso' })) }),
  }
}

/** How a person is reached. */
export function telecomOf(person: Person): Record<string, unknown>[] {
  const landline = { system: 'phone', value: person.home.landline, use: 'home' }
  return person.mobile === undefined
    ? [landline]
    : [{ system: 'phone', value: person.mobile, use: 'mobile' }, landline]
}

/** The insurance of a patient. */
export function coverageResource(person: Person): Resource {
  return {
    resourceType: 'Coverage',
    id: `${person.id}-coverage`,
    status: person.died === undefined ? 'active' : 'cancelled',
    type: concept(hl7('v3-ActCode', 'PUBLICPOL', 'public healthcare')),
    subscriberId: `NHI-${person.mrn}`,
    beneficiary: reference('Patient', person.id),
    relationship: concept(hl7('subscriber-relationship', 'self', 'Self')),
    period: { start: dateOf(person.birth) },
    payor: [reference('Organization', CLINIC.insurer)],
  }
}
