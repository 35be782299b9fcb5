/** The codes of audit events, from DICOM, FHIR, HL7 v3 and IHE. @see IHE ITI BALP 1.1.4; FHIR R4 AuditEvent */

export interface Coding {
  readonly system: string
  readonly code: string
  readonly display?: string
}

const dicom = 'http://dicom.nema.org/resources/ontology/DCM'
const participation = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType'
const objectRole = 'http://terminology.hl7.org/CodeSystem/object-role'
const entityType = 'http://terminology.hl7.org/CodeSystem/audit-entity-type'
const balp = 'https://profiles.ihe.net/ITI/BALP'

const coding = (system: string, code: string, display: string): Coding => ({ system, code, display })

/** `AuditEvent.type` */
export const eventTypes = {
  rest: coding('http://terminology.hl7.org/CodeSystem/audit-event-type', 'rest', 'Restful Operation'),
  application: coding(dicom, '110100', 'Application Activity'),
  alert: coding(dicom, '110113', 'Security Alert'),
  authentication: coding(dicom, '110114', 'User Authentication'),
}

/** `AuditEvent.subtype`, beside those of {@link interactionSubtype} and {@link ownSubtype} */
export const eventSubtypes = {
  start: coding(dicom, '110120', 'Application Start'),
  emergency: coding(dicom, '110127', 'Emergency Override Started'),
  login: coding(dicom, '110122', 'Login'),
  logout: coding(dicom, '110123', 'Logout'),
  roles: coding(dicom, '110136', 'Security Roles Changed'),
  configuration: coding(dicom, '110132', 'Security Configuration'),
  attributes: coding(dicom, '110137', 'User security Attributes Changed'),
  accessToken: coding('urn:ihe:event-type-code', 'ITI-71', 'Get Access Token'),
}

/** The subtype of a FHIR interaction. */
export function interactionSubtype(code: string): Coding {
  return { system: 'http://hl7.org/fhir/restful-interaction', code }
}

/** A subtype of ours: what happened, by the name it has in the trail. */
export function ownSubtype(code: string): Coding {
  return { system: 'urn:chartkey:audit-event', code }
}

/** `AuditEvent.agent.type` */
export const agentTypes = {
  source: coding(dicom, '110153', 'Source Role ID'),
  destination: coding(dicom, '110152', 'Destination Role ID'),
  application: coding(dicom, '110150', 'Application'),
  custodian: coding(
    'http://terminology.hl7.org/CodeSystem/provenance-participant-type',
    'custodian',
    'Custodian',
  ),
  authorizer: coding(
    'http://terminology.hl7.org/CodeSystem/extra-security-role-type',
    'authserver',
    'authorization server',
  ),
  recipient: coding(participation, 'IRCP', 'information recipient'),
  author: coding(participation, 'AUT', 'author (originator)'),
  byToken: coding(`${balp}/CodeSystem/UserAgentTypes`, 'UserOauthAgent', 'User OAuth Agent participant'),
}

/** `AuditEvent.entity.type` */
export const entityTypes = {
  person: coding(entityType, '1', 'Person'),
  system: coding(entityType, '2', 'System Object'),
  request: coding(`${balp}/CodeSystem/BasicAuditEntityType`, 'XrequestId', 'X-Request-Id'),
  decision: coding('urn:chartkey:audit-entity', 'decision', 'Access decision'),
}

/** The type of an entity that is a resource of a search's result. */
export function resourceEntityType(type: string): Coding {
  return { system: 'http://hl7.org/fhir/resource-types', code: type }
}

/** `AuditEvent.entity.role` */
export const entityRoles = {
  patient: coding(objectRole, '1', 'Patient'),
  data: coding(objectRole, '4', 'Domain Resource'),
  query: coding(objectRole, '24', 'Query'),
  security: coding(objectRole, '13', 'Security Resource'),
}

/** `AuditEvent.source.type` */
export const sourceTypes = {
  application: coding(
    'http://terminology.hl7.org/CodeSystem/security-source-type',
    '4',
    'Application Server',
  ),
}

/** Why somebody may see what is held back otherwise. */
export const breakTheGlass = coding(
  'http://terminology.hl7.org/CodeSystem/v3-ActReason',
  'BTG',
  'break the glass',
)

/** The canonical URL of a profile of the Basic Audit Log Patterns. */
export function profileOf(name: string): string {
  return `${balp}/StructureDefinition/IHE.BasicAudit.${name}`
}

/** Who an identifier in an agent or entity names. */
export const identifierSystems = {
  account: 'urn:chartkey:account',
  client: 'urn:chartkey:client',
  initialToken: 'urn:chartkey:initial-access-token',
}
