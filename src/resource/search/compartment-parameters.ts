/**
 * The compartments of R4 beside the patient's: which references of which types lead into them. They only narrow a
 * search; nobody's rights are made of them. @see FHIR R4, CompartmentDefinition encounter, practitioner, relatedPerson, device
 */

/** `parameters: types` that have them. */
type Rules = readonly (readonly [parameters: string, types: string])[]

const encounter: Rules = [
  [
    'encounter',
    'CarePlan CareTeam Claim ClinicalImpression Communication CommunicationRequest Composition Condition DeviceRequest DiagnosticReport DocumentReference ExplanationOfBenefit Media MedicationRequest NutritionOrder Observation Procedure QuestionnaireResponse RequestGroup ServiceRequest VisionPrescription',
  ],
  ['context', 'ChargeItem MedicationAdministration'],
  ['related-ref', 'DocumentManifest'],
]

const practitioner: Rules = [
  ['subject', 'Account Composition DocumentManifest DocumentReference Media'],
  ['recorder', 'AdverseEvent AllergyIntolerance'],
  ['asserter', 'AllergyIntolerance Condition'],
  ['actor', 'Appointment AppointmentResponse Schedule'],
  ['agent', 'AuditEvent Provenance'],
  [
    'author',
    'Basic Composition DetectedIssue DocumentManifest DocumentReference Flag Linkage MessageHeader QuestionnaireResponse RequestGroup',
  ],
  [
    'performer',
    'CarePlan DeviceRequest DiagnosticReport Immunization MedicationAdministration MedicationDispense Observation Procedure RiskAssessment ServiceRequest',
  ],
  ['participant', 'CareTeam Encounter Invoice RequestGroup'],
  ['enterer', 'ChargeItem Claim CoverageEligibilityRequest ExplanationOfBenefit MessageHeader'],
  ['performer-actor', 'ChargeItem'],
  ['provider', 'Claim CoverageEligibilityRequest ExplanationOfBenefit NutritionOrder PaymentNotice'],
  ['payee care-team', 'Claim ExplanationOfBenefit'],
  ['requestor', 'ClaimResponse CoverageEligibilityResponse PaymentReconciliation'],
  ['assessor', 'ClinicalImpression'],
  ['sender', 'Communication CommunicationRequest'],
  ['recipient', 'Communication CommunicationRequest DocumentManifest'],
  ['requester', 'CommunicationRequest DeviceRequest MedicationRequest ServiceRequest SupplyRequest'],
  ['attester', 'Composition'],
  ['authenticator', 'DocumentReference'],
  ['practitioner', 'Encounter Person PractitionerRole'],
  ['care-manager', 'EpisodeOfCare'],
  ['member', 'Group'],
  ['source', 'List MedicationStatement QuestionnaireResponse'],
  ['operator', 'Media'],
  ['receiver', 'MedicationDispense MessageHeader SupplyDelivery'],
  ['responsible', 'MessageHeader'],
  ['general-practitioner', 'Patient'],
  ['principalinvestigator', 'ResearchStudy'],
  ['collector', 'Specimen'],
  ['supplier', 'SupplyDelivery'],
  ['prescriber', 'VisionPrescription'],
]

const relatedPerson: Rules = [
  ['recorder', 'AdverseEvent'],
  ['asserter', 'AllergyIntolerance Condition'],
  ['actor', 'Appointment AppointmentResponse Schedule'],
  ['author', 'Basic Composition DocumentManifest DocumentReference QuestionnaireResponse'],
  ['performer', 'CarePlan MedicationAdministration Observation Procedure ServiceRequest'],
  ['participant', 'CareTeam Encounter RequestGroup'],
  ['enterer performer-actor', 'ChargeItem'],
  ['payee', 'Claim ExplanationOfBenefit'],
  ['sender', 'Communication CommunicationRequest'],
  ['recipient', 'Communication CommunicationRequest DocumentManifest Invoice'],
  ['requester', 'CommunicationRequest SupplyRequest'],
  ['policy-holder subscriber payor', 'Coverage'],
  ['source', 'MedicationStatement QuestionnaireResponse'],
  ['link', 'Patient Person'],
  ['agent', 'Provenance'],
]

const device: Rules = [
  [
    'subject',
    'Account DeviceRequest DiagnosticReport DocumentManifest DocumentReference List Media Observation Specimen',
  ],
  ['actor', 'Appointment AppointmentResponse Schedule'],
  ['agent', 'AuditEvent Provenance'],
  ['enterer performer-actor', 'ChargeItem'],
  ['procedure-udi item-udi detail-udi subdetail-udi', 'Claim ExplanationOfBenefit'],
  ['sender recipient', 'Communication CommunicationRequest'],
  [
    'author',
    'Composition DetectedIssue DocumentManifest DocumentReference Flag QuestionnaireResponse RequestGroup',
  ],
  ['device', 'DeviceRequest DeviceUseStatement MedicationAdministration Observation'],
  ['requester', 'DeviceRequest ServiceRequest SupplyRequest'],
  ['performer', 'DeviceRequest RiskAssessment ServiceRequest'],
  ['member', 'Group'],
  ['participant', 'Invoice'],
  ['source', 'List'],
  ['target', 'MessageHeader'],
]

const rulesOf: Readonly<Record<string, Rules>> = {
  Encounter: encounter,
  Practitioner: practitioner,
  RelatedPerson: relatedPerson,
  Device: device,
}

/** For each type that a compartment may hold, the parameters that lead into it; without the compartment's own type. */
export function compartmentRules(owner: string): ReadonlyMap<string, readonly string[]> {
  const rules = Object.hasOwn(rulesOf, owner) ? rulesOf[owner] : undefined
  const found = new Map<string, string[]>()
  for (const [parameters, types] of rules ?? [])
    for (const type of types.split(' '))
      found.set(type, [...(found.get(type) ?? []), ...parameters.split(' ')])
  return found
}
