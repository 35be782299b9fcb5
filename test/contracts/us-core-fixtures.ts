/**
 * For each type that US Core has searches on: a resource, for each parameter a value that finds it and one that does
 * not, and the combinations that a US Core server answers.
 */
import type { Resource } from '../../src/smart/resource.ts'

export interface UsCoreType {
  readonly resource: Resource
  /** By parameter: what finds the resource, and what does not. */
  readonly values: Readonly<Record<string, readonly [hit: string, miss: string]>>
  /** Parameters joined by `+`; every single parameter is asked as well. */
  readonly combinations: string
}

const terminology = 'http://terminology.hl7.org/CodeSystem'
const usCore = 'http://hl7.org/fhir/us/core'
const concept = (system: string, code: string) => ({ coding: [{ system, code }] })
const subject = { reference: 'Patient/mei' }
const patient = { patient: ['mei', 'tom'] } as const
const status = (hit: string, miss: string) => ({ status: [hit, miss] as const })
const code = (system: string, hit: string) => [`${system}|${hit}`, `${system}|other`] as const
const day = '2024-03-05T10:00:00+02:00'
const onDay = ['2024-03-05', '2024-03-06'] as const
const us = (name: string, extension: object) => ({
  url: `${usCore}/StructureDefinition/${name}`,
  ...extension,
})

export const usCoreTypes: readonly UsCoreType[] = [
  {
    resource: {
      resourceType: 'Patient',
      id: 'mei',
      identifier: [{ system: 'urn:mrn', value: '1001' }],
      name: [{ family: 'Shaw', given: ['Mei', 'Lin'] }],
      gender: 'female',
      birthDate: '2014-05-01',
      deceasedDateTime: '2024-02-02',
      extension: [
        us('us-core-race', {
          extension: [{ url: 'ombCategory', valueCoding: { system: 'urn:race', code: '2106-3' } }],
        }),
        us('us-core-ethnicity', {
          extension: [{ url: 'ombCategory', valueCoding: { system: 'urn:race', code: '2186-5' } }],
        }),
        us('us-core-genderIdentity', { valueCodeableConcept: concept('urn:snomed', '446141000124107') }),
      ],
    },
    values: {
      _id: ['mei', 'tom'],
      identifier: ['urn:mrn|1001', 'urn:mrn|1002'],
      name: ['shaw', 'shew'],
      family: ['Shaw', 'Lin'],
      given: ['lin', 'shaw'],
      gender: ['http://hl7.org/fhir/administrative-gender|female', 'male'],
      birthdate: ['2014-05-01', '2014-05-02'],
      'death-date': ['2024-02-02', '2024-02-03'],
      race: code('urn:race', '2106-3'),
      ethnicity: code('urn:race', '2186-5'),
      'gender-identity': code('urn:snomed', '446141000124107'),
    },
    combinations: 'birthdate+family family+gender birthdate+name gender+name death-date+family',
  },
  {
    resource: {
      resourceType: 'AllergyIntolerance',
      id: 'allergy',
      clinicalStatus: concept(`${terminology}/allergyintolerance-clinical`, 'active'),
      patient: subject,
    },
    values: { ...patient, 'clinical-status': code(`${terminology}/allergyintolerance-clinical`, 'active') },
    combinations: 'patient+clinical-status',
  },
  {
    resource: {
      resourceType: 'CarePlan',
      id: 'plan',
      status: 'active',
      intent: 'plan',
      category: [concept(`${usCore}/CodeSystem/careplan-category`, 'assess-plan')],
      subject,
      period: { start: day },
    },
    values: {
      ...patient,
      ...status('active,completed', 'completed'),
      category: code(`${usCore}/CodeSystem/careplan-category`, 'assess-plan'),
      date: ['ge2024-03-05', 'lt2024-03-05'],
    },
    combinations:
      'patient+category+status patient+category+status+date patient+category patient+category+date',
  },
  {
    resource: {
      resourceType: 'CareTeam',
      id: 'team',
      status: 'active',
      subject,
      participant: [{ role: [concept('urn:snomed', '17561000')], member: { reference: 'Practitioner/ida' } }],
    },
    values: { ...patient, ...status('active', 'inactive'), role: code('urn:snomed', '17561000') },
    combinations: 'patient+status patient+role',
  },
  {
    resource: {
      resourceType: 'Condition',
      id: 'problem',
      clinicalStatus: concept(`${terminology}/condition-clinical`, 'active'),
      category: [concept(`${terminology}/condition-category`, 'problem-list-item')],
      code: concept('urn:snomed', '73211009'),
      subject,
      encounter: { reference: 'Encounter/visit' },
      onsetDateTime: day,
      abatementDateTime: day,
      recordedDate: day,
      extension: [
        { url: 'http://hl7.org/fhir/StructureDefinition/condition-assertedDate', valueDateTime: day },
      ],
    },
    values: {
      ...patient,
      category: code(`${terminology}/condition-category`, 'problem-list-item'),
      'clinical-status': code(`${terminology}/condition-clinical`, 'active'),
      code: code('urn:snomed', '73211009'),
      encounter: ['Encounter/visit', 'Encounter/other'],
      'onset-date': onDay,
      'abatement-date': onDay,
      'asserted-date': onDay,
      'recorded-date': onDay,
    },
    combinations:
      'patient+recorded-date patient+asserted-date patient+category+clinical-status patient+onset-date patient+abatement-date patient+clinical-status patient+category+encounter patient+code patient+category',
  },
  {
    resource: {
      resourceType: 'Coverage',
      id: 'coverage',
      status: 'active',
      beneficiary: subject,
      payor: [{ reference: 'Organization/payer' }],
    },
    values: patient,
    combinations: '',
  },
  {
    resource: {
      resourceType: 'Device',
      id: 'pump',
      status: 'active',
      type: concept('urn:snomed', '72506001'),
      patient: subject,
    },
    values: { ...patient, ...status('active', 'inactive'), type: code('urn:snomed', '72506001') },
    combinations: 'patient+type patient+status',
  },
  {
    resource: {
      resourceType: 'DiagnosticReport',
      id: 'report',
      status: 'final',
      category: [concept(`${terminology}/v2-0074`, 'LAB')],
      code: concept('http://loinc.org', '58410-2'),
      subject,
      effectiveDateTime: day,
    },
    values: {
      ...patient,
      ...status('final', 'preliminary'),
      category: code(`${terminology}/v2-0074`, 'LAB'),
      code: ['http://loinc.org|58410-2,http://loinc.org|other', 'other'],
      date: onDay,
    },
    combinations: 'patient+code+date patient+status patient+category+date patient+category patient+code',
  },
  {
    resource: {
      resourceType: 'DocumentReference',
      id: 'note',
      status: 'current',
      type: concept('http://loinc.org', '11488-4'),
      category: [concept(`${usCore}/CodeSystem/us-core-documentreference-category`, 'clinical-note')],
      subject,
      date: day,
      content: [{ attachment: { contentType: 'text/plain' } }],
      context: { period: { start: day, end: day } },
    },
    values: {
      ...patient,
      _id: ['note', 'other'],
      ...status('current', 'superseded'),
      category: code(`${usCore}/CodeSystem/us-core-documentreference-category`, 'clinical-note'),
      type: code('http://loinc.org', '11488-4'),
      date: onDay,
      period: onDay,
    },
    combinations: 'patient+type patient+status patient+type+period patient+category+date patient+category',
  },
  {
    resource: {
      resourceType: 'Encounter',
      id: 'visit',
      identifier: [{ system: 'urn:visits', value: 'v1' }],
      status: 'finished',
      class: { system: `${terminology}/v3-ActCode`, code: 'AMB' },
      type: [concept('urn:cpt', '99211')],
      subject,
      period: { start: day, end: day },
      hospitalization: { dischargeDisposition: concept('urn:disposition', 'home') },
      location: [{ location: { reference: 'Location/ward' } }],
    },
    values: {
      ...patient,
      _id: ['visit', 'other'],
      identifier: ['urn:visits|v1', 'urn:visits|v2'],
      class: code(`${terminology}/v3-ActCode`, 'AMB'),
      date: onDay,
      location: ['Location/ward', 'Location/other'],
      ...status('http://hl7.org/fhir/encounter-status|finished', 'planned'),
      type: code('urn:cpt', '99211'),
      'discharge-disposition': code('urn:disposition', 'home'),
    },
    combinations:
      'patient+type class+patient patient+status date+patient patient+location patient+discharge-disposition',
  },
  {
    resource: {
      resourceType: 'Goal',
      id: 'goal',
      lifecycleStatus: 'active',
      description: concept('urn:snomed', '281004'),
      subject,
      target: [{ dueDate: '2024-03-05' }],
    },
    values: {
      ...patient,
      'lifecycle-status': ['active', 'completed'],
      description: code('urn:snomed', '281004'),
      'target-date': onDay,
    },
    combinations: 'patient+target-date patient+description patient+lifecycle-status',
  },
  {
    resource: {
      resourceType: 'Immunization',
      id: 'shot',
      status: 'completed',
      vaccineCode: concept('urn:cvx', '140'),
      patient: subject,
      occurrenceDateTime: day,
    },
    values: { ...patient, ...status('completed', 'not-done'), date: onDay },
    combinations: 'patient+date patient+status',
  },
  {
    resource: {
      resourceType: 'Location',
      id: 'ward',
      name: 'Ward 3',
      address: { line: ['1 Main St'], city: 'Ann Arbor', state: 'MI', postalCode: '48104' },
    },
    values: {
      name: ['ward', 'theatre'],
      address: ['ann', 'arbor'],
      'address-city': ['ann arbor', 'detroit'],
      'address-state': ['MI', 'OH'],
      'address-postalcode': ['48104', '48105'],
    },
    combinations: '',
  },
  {
    resource: {
      resourceType: 'MedicationDispense',
      id: 'dispense',
      status: 'completed',
      type: concept(`${terminology}/v3-ActCode`, 'RFP'),
      medicationReference: { reference: 'Medication/pill' },
      subject,
    },
    values: {
      ...patient,
      ...status('completed,stopped', 'stopped'),
      type: code(`${terminology}/v3-ActCode`, 'RFP'),
    },
    combinations: 'patient+status+type patient+status',
  },
  {
    resource: {
      resourceType: 'MedicationRequest',
      id: 'order',
      status: 'active',
      intent: 'order',
      medicationReference: { reference: 'Medication/pill' },
      subject,
      encounter: { reference: 'Encounter/visit' },
      authoredOn: day,
    },
    values: {
      ...patient,
      ...status('active', 'stopped'),
      intent: ['order,plan', 'plan'],
      encounter: ['visit', 'other'],
      authoredon: onDay,
    },
    combinations: 'patient+intent+encounter patient+intent+status patient+intent+authoredon patient+intent',
  },
  {
    resource: {
      resourceType: 'Observation',
      id: 'result',
      status: 'final',
      category: [concept(`${terminology}/observation-category`, 'laboratory')],
      code: concept('http://loinc.org', '2339-0'),
      subject,
      effectiveDateTime: day,
    },
    values: {
      ...patient,
      ...status('final', 'amended'),
      category: code(`${terminology}/observation-category`, 'laboratory'),
      code: code('http://loinc.org', '2339-0'),
      date: onDay,
    },
    combinations:
      'patient+code+date patient+category+status patient+category+date patient+category patient+code',
  },
  {
    resource: {
      resourceType: 'Organization',
      id: 'payer',
      name: 'Acme Labs',
      address: [{ city: 'Ann Arbor' }],
    },
    values: { name: ['acme', 'labs'], address: ['Ann', 'Detroit'] },
    combinations: '',
  },
  {
    resource: {
      resourceType: 'Practitioner',
      id: 'ida',
      identifier: [{ system: 'http://hl7.org/fhir/sid/us-npi', value: '9941339108' }],
      name: [{ family: 'Öberg', given: ['Ida'] }],
    },
    values: {
      _id: ['ida', 'other'],
      name: ['oberg', 'lin'],
      identifier: ['http://hl7.org/fhir/sid/us-npi|9941339108', '9941339109'],
    },
    combinations: '',
  },
  {
    resource: {
      resourceType: 'PractitionerRole',
      id: 'role',
      practitioner: { reference: 'Practitioner/ida' },
      specialty: [concept('urn:nucc', '208D00000X')],
      endpoint: [{ reference: 'Endpoint/direct' }],
    },
    values: { specialty: code('urn:nucc', '208D00000X'), practitioner: ['Practitioner/ida', 'other'] },
    combinations: '',
  },
  {
    resource: {
      resourceType: 'Procedure',
      id: 'procedure',
      status: 'completed',
      code: concept('urn:snomed', '35637008'),
      subject,
      performedDateTime: day,
    },
    values: {
      ...patient,
      ...status('completed', 'in-progress'),
      code: code('urn:snomed', '35637008'),
      date: onDay,
    },
    combinations: 'patient+code+date patient+status patient+date',
  },
  {
    resource: {
      resourceType: 'QuestionnaireResponse',
      id: 'answers',
      status: 'completed',
      questionnaire: 'http://example.org/Questionnaire/phq-9',
      subject,
      authored: day,
    },
    values: {
      ...patient,
      _id: ['answers', 'other'],
      ...status('completed', 'amended'),
      authored: onDay,
      questionnaire: ['http://example.org/Questionnaire/phq-9', 'http://example.org/Questionnaire/gad-7'],
    },
    combinations: 'patient+questionnaire patient+authored patient+status',
  },
  {
    resource: { resourceType: 'RelatedPerson', id: 'niece', patient: subject, name: [{ family: 'Sanchez' }] },
    values: { ...patient, _id: ['niece', 'other'], name: ['sanchez', 'shaw'] },
    combinations: 'patient+name',
  },
  {
    resource: {
      resourceType: 'ServiceRequest',
      id: 'referral',
      status: 'active',
      intent: 'order',
      category: [concept('urn:snomed', '410606002')],
      code: concept('urn:snomed', '467771000124109'),
      subject,
      authoredOn: day,
    },
    values: {
      ...patient,
      _id: ['referral', 'other'],
      ...status('active', 'revoked'),
      category: code('urn:snomed', '410606002'),
      code: code('urn:snomed', '467771000124109'),
      authored: onDay,
    },
    combinations:
      'patient+category+authored patient+status patient+category patient+code+authored patient+code',
  },
  {
    resource: { resourceType: 'Specimen', id: 'blood', subject },
    values: { ...patient, _id: ['blood', 'other'] },
    combinations: '',
  },
]

/** What US Core includes, and the reverse inclusion that it asks for of every patient-linked type. */
export const usCoreIncludes: readonly string[] = [
  'CareTeam:participant:PractitionerRole',
  'CareTeam:participant:Practitioner',
  'CareTeam:participant:Patient',
  'CareTeam:participant:RelatedPerson',
  'MedicationDispense:medication',
  'MedicationRequest:medication',
  'PractitionerRole:endpoint',
  'PractitionerRole:practitioner',
]
