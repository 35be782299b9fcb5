/**
 * The patient compartment: which resources are part of a patient's record. Membership is by exactly the parameters of
 * the R4 CompartmentDefinition; a patient named by any other element does not count.
 * @see FHIR R4, CompartmentDefinition/patient
 */
import { patientCompartment } from './compartment.r4.ts'
import { parseReference } from './ids.ts'
import type { Resource } from './resource.ts'

/** Whether resources of this type can be part of a patient's record by the CompartmentDefinition. */
export function isCompartmentType(type: string): boolean {
  return Object.hasOwn(patientCompartment, type)
}

/** The search parameters that make a resource of this type a member; empty for types outside. */
export function compartmentParameters(type: string): readonly string[] {
  return isCompartmentType(type) ? (patientCompartment[type]?.params ?? []) : []
}

/** Types that describe the organisation, its people, its stock or its vocabulary: they tell nothing about a patient. */
export const referenceTypes: readonly string[] = [
  'ActivityDefinition CapabilityStatement CodeSystem CompartmentDefinition ConceptMap',
  'DeviceDefinition Endpoint GraphDefinition HealthcareService ImplementationGuide InsurancePlan',
  'Library Location Measure Medication MedicationKnowledge MessageDefinition NamingSystem',
  'ObservationDefinition OperationDefinition Organization OrganizationAffiliation PlanDefinition',
  'Practitioner PractitionerRole Questionnaire SearchParameter SpecimenDefinition',
  'StructureDefinition StructureMap Substance TerminologyCapabilities ValueSet',
].flatMap((names) => names.split(' '))

const referenceTypeSet: ReadonlySet<string> = new Set(referenceTypes)

/** Whether a type is reference data, readable without a patient wherever a scope names it (or `*`). */
export function isReferenceType(type: string): boolean {
  return referenceTypeSet.has(type)
}

/** The ids of the patients in whose compartments a resource is, each once. */
export function patientsOf(resource: Resource): string[] {
  const found = new Set<string>()
  if (resource.resourceType === 'Patient' && resource.id !== undefined) found.add(resource.id)
  for (const path of pathsOf(resource.resourceType)) walk(resource, path, 0, found)
  return [...found]
}

/** A compartment such as `Patient/123`; or several, of which one is enough. */
export type Compartment = string | readonly string[]

/** Whether a compartment (or one of several) holds a resource. Only patient compartments hold any. */
export function isInCompartment(resource: Resource, compartment: Compartment): boolean {
  if (typeof compartment === 'string') return patientsOf(resource).includes(patientIn(compartment) ?? '')
  const names = namesOf(compartment)
  return patientsOf(resource).some((patient) => names.has(`Patient/${patient}`))
}

/** Whether a resource is in one of these compartments and in no other. */
export function isOnlyIn(resource: Resource, compartments: readonly string[]): boolean {
  const names = namesOf(compartments)
  const patients = patientsOf(resource)
  return patients.length > 0 && patients.every((patient) => names.has(`Patient/${patient}`))
}

/** Whether everything that is in `narrow` is surely in `wide`. */
export function isPartOf(narrow: Compartment, wide: Compartment): boolean {
  if (narrow === wide) return true
  if (typeof narrow === 'string') return typeof wide !== 'string' && namesOf(wide).has(narrow)
  if (typeof wide === 'string') return narrow.every((name) => name === wide)
  const names = namesOf(wide)
  return narrow.every((name) => names.has(name))
}

// A clinician's list of patients is asked about with every resource, so it is made a set once.
const known = new WeakMap<readonly string[], ReadonlySet<string>>()

function namesOf(compartments: readonly string[]): ReadonlySet<string> {
  const found = known.get(compartments) ?? new Set(compartments)
  known.set(compartments, found)
  return found
}

/** A version is not a compartment. */
function patientIn(compartment: string): string | undefined {
  const reference = parseReference(compartment)
  return reference?.type === 'Patient' && reference.version === undefined ? reference.id : undefined
}

function pathsOf(type: string): readonly (readonly string[])[] {
  return isCompartmentType(type) ? (patientCompartment[type]?.paths ?? []) : []
}

function walk(value: unknown, path: readonly string[], at: number, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, path, at, found)
    return
  }
  if (typeof value !== 'object' || value === null) return
  const members = value as Readonly<Record<string, unknown>>
  const name = path[at]
  if (name !== undefined) {
    walk(members[name], path, at + 1, found)
    return
  }
  const reference = parseReference(members.reference)
  if (reference?.type === 'Patient') found.add(reference.id)
}
