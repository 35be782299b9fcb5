/**
 * What US Core asks of a server, as far as a CapabilityStatement tells it: the profiles whose resources are kept and found
 * here by every parameter and combination that US Core names for them.
 * @see US Core 7.0.0 and 8.0.0, CapabilityStatement us-core-server
 */

const base = 'http://hl7.org/fhir/us/core'

/** The statement that a US Core server is an instance of. */
export const usCoreServer = `${base}/CapabilityStatement/us-core-server`

const vitalSigns = [
  'average-blood-pressure',
  'blood-pressure',
  'bmi',
  'body-height',
  'body-temperature',
  'body-weight',
  'head-circumference',
  'heart-rate',
  'pulse-oximetry',
  'respiratory-rate',
  'vital-signs',
]

const otherObservations = [
  'care-experience-preference',
  'observation-adi-documentation',
  'observation-clinical-result',
  'observation-lab',
  'observation-occupation',
  'observation-pregnancyintent',
  'observation-pregnancystatus',
  'observation-screening-assessment',
  'observation-sexual-orientation',
  'simple-observation',
  'smokingstatus',
  'treatment-intervention-preference',
]

/** By type, the names behind `us-core-`. */
const names: Readonly<Record<string, readonly string[]>> = {
  AllergyIntolerance: ['allergyintolerance'],
  CarePlan: ['careplan'],
  CareTeam: ['careteam'],
  Condition: ['condition-encounter-diagnosis', 'condition-problems-health-concerns'],
  Coverage: ['coverage'],
  Device: ['implantable-device'],
  DiagnosticReport: ['diagnosticreport-lab', 'diagnosticreport-note'],
  DocumentReference: ['documentreference', 'adi-documentreference'],
  Encounter: ['encounter'],
  Goal: ['goal'],
  Immunization: ['immunization'],
  Location: ['location'],
  Medication: ['medication'],
  MedicationDispense: ['medicationdispense'],
  MedicationRequest: ['medicationrequest'],
  Observation: [...vitalSigns, ...otherObservations],
  Organization: ['organization'],
  Patient: ['patient'],
  Practitioner: ['practitioner'],
  PractitionerRole: ['practitionerrole'],
  Procedure: ['procedure'],
  Provenance: ['provenance'],
  QuestionnaireResponse: ['questionnaireresponse'],
  RelatedPerson: ['relatedperson'],
  ServiceRequest: ['servicerequest'],
  Specimen: ['specimen'],
}

/** Profiles of US Core whose names begin otherwise. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  Observation: [
    'head-occipital-frontal-circumference-percentile',
    'pediatric-bmi-for-age',
    'pediatric-weight-for-height',
  ],
}

/** The US Core profiles of a type; none for a type that US Core does not profile. */
export function usCoreProfilesOf(type: string): readonly string[] {
  const own = names[type]?.map((name) => `us-core-${name}`) ?? []
  return [...own, ...(otherNames[type] ?? [])].map((name) => `${base}/StructureDefinition/${name}`)
}
