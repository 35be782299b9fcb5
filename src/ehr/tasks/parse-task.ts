/**
 * A Task that asks for a launch, read by its profile: what the profile demands and the Task has not makes it none.
 * @see SMART App Launch 2.2, task-ehr-launch and task-standalone-launch (TASK-01 to TASK-08)
 */
import { parseReference } from '../../smart/ids.ts'
import type { Resource } from '../../smart/resource.ts'
import { type Members, objectOf, objectsOf, textOf } from '../fhir/shape.ts'

/** The system of all codes, which are case-sensitive (TASK-04). */
export const smartCodes = 'http://hl7.org/fhir/smart-app-launch/CodeSystem/smart-codes'

/** Codes of `Task.code` (TASK-01, TASK-02), and what kind of launch each asks for. */
export const launchCodes = { 'launch-app-ehr': 'ehr', 'launch-app-standalone': 'standalone' } as const

/** Statuses in which somebody still has something to do. */
export const openStatuses: readonly string[] = [
  'requested',
  'received',
  'accepted',
  'ready',
  'in-progress',
  'on-hold',
]

/** What a Task asks for. */
export interface LaunchTask {
  readonly id: string
  readonly kind: (typeof launchCodes)[keyof typeof launchCodes]
  /** Why, in the words of who asks. */
  readonly title?: string
  /** The app, by its address (`smartonfhir-application`). */
  readonly appUrl: string
  /** What the app is told (`smartonfhir-appcontext`); of an EHR launch only (AMB-54). */
  readonly appContext?: string
  /** `Task.for`. */
  readonly patient?: string
  readonly encounter?: string
  /** What it is about, when that is neither patient nor encounter. */
  readonly focus?: string
  /** Who is to do it, as references. */
  readonly owner?: string
  /** FHIR dateTime. */
  readonly due?: string
}

/** Reads a Task; nothing when it asks for no launch, is over, or does not keep to its profile. */
export function parseTask(resource: Resource): LaunchTask | undefined {
  if (resource.resourceType !== 'Task' || !openStatuses.includes(textOf(resource.status) ?? ''))
    return undefined
  const kind = kindOf(resource)
  const apps = inputsOf(resource, 'smartonfhir-application')
  const contexts = inputsOf(resource, 'smartonfhir-appcontext')
  const appUrl = textOf(apps[0]?.valueUrl)
  const isByProfile = apps.length === 1 && contexts.length <= 1 && hasReadableReferences(resource)
  if (!kind || appUrl === undefined || !isByProfile) return undefined
  const appContext = contexts[0] && textOf(contexts[0].valueString)
  if (contexts.length === 1 && appContext === undefined) return undefined
  return {
    id: resource.id ?? '',
    kind,
    appUrl,
    ...(kind === 'ehr' && appContext !== undefined && { appContext }),
    ...referencesOf(resource),
    ...optional('title', textOf(resource.description)),
    ...optional('due', textOf(objectOf(objectOf(resource.restriction)?.period)?.end)),
  }
}

/** Exactly one code that says how the app is launched; a Task of both kinds is of neither. */
function kindOf({ code }: Resource): LaunchTask['kind'] | undefined {
  const codes = codesOf(code).filter((one) => Object.hasOwn(launchCodes, one))
  return codes.length === 1 ? launchCodes[codes[0] as keyof typeof launchCodes] : undefined
}

/** The SMART codes of a CodeableConcept. */
function codesOf(concept: unknown): string[] {
  return objectsOf(objectOf(concept)?.coding)
    .filter(({ system }) => system === smartCodes)
    .map(({ code }) => textOf(code) ?? '')
}

function inputsOf({ input }: Resource, code: string): Members[] {
  return objectsOf(input).filter(({ type }) => codesOf(type).includes(code))
}

function referenceOf(value: unknown): ReturnType<typeof parseReference> {
  return parseReference(textOf(objectOf(value)?.reference))
}

/** A patient or encounter that cannot be told from the reference must not be left out silently (TASK-08). */
function hasReadableReferences({ for: patient, encounter }: Resource): boolean {
  const isTyped = (value: unknown, type: string) => value === undefined || referenceOf(value)?.type === type
  return isTyped(patient, 'Patient') && isTyped(encounter, 'Encounter')
}

function referencesOf({ for: patient, encounter, focus, owner }: Resource) {
  const about = referenceOf(focus)
  const isOwn = about && about.type !== 'Patient' && about.type !== 'Encounter'
  return {
    ...optional('patient', referenceOf(patient)?.id),
    ...optional('encounter', referenceOf(encounter)?.id),
    ...optional('focus', isOwn ? `${about.type}/${about.id}` : undefined),
    ...optional('owner', textOf(objectOf(owner)?.reference)),
  }
}

function optional<Name extends string>(name: Name, value: string | undefined): { [Key in Name]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { [Key in Name]?: string }
}
