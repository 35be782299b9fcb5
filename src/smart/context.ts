/**
 * The context of a launch, and how it stands in the token response.
 * @see SMART App Launch 2.2, launch context arrives with your access token
 */
import { isFhirId } from './ids.ts'

/** An item of `fhirContext`: at least one of reference, canonical and identifier. */
export interface FhirContextItem {
  readonly reference?: string
  readonly canonical?: string
  readonly identifier?: Readonly<Record<string, unknown>>
  readonly type?: string
  readonly role?: string
}

export interface LaunchContext {
  /** A bare Patient id. */
  readonly patient?: string
  /** A bare Encounter id. */
  readonly encounter?: string
  readonly fhirContext?: readonly FhirContextItem[]
  readonly intent?: string
  readonly needPatientBanner?: boolean
  readonly smartStyleUrl?: string
  readonly tenant?: string
}

const memberNames = {
  patient: 'patient',
  encounter: 'encounter',
  fhirContext: 'fhirContext',
  intent: 'intent',
  needPatientBanner: 'need_patient_banner',
  smartStyleUrl: 'smart_style_url',
  tenant: 'tenant',
} as const satisfies Record<keyof LaunchContext, string>

/** The members that a token response gets beside the access token; what is not known is left out, never null. */
export function contextMembers(context: LaunchContext): Record<string, unknown> {
  const members: Record<string, unknown> = {}
  for (const [key, name] of Object.entries(memberNames)) {
    const value = context[key as keyof LaunchContext]
    if (value !== undefined) members[name] = value
  }
  return members
}

/** What is wrong with a context before it is promised to an app; empty when nothing is. Each text names the member. */
export function problemsOf(context: LaunchContext): string[] {
  return [
    ...idProblem('patient', context.patient),
    ...idProblem('encounter', context.encounter),
    ...(context.fhirContext ?? []).flatMap(itemProblems),
  ]
}

function idProblem(member: string, id: string | undefined): string[] {
  return id === undefined || isFhirId(id) ? [] : [`${member}: a bare resource id is expected`]
}

const relativeReference = /^[A-Z][A-Za-z]*\/[A-Za-z0-9\-.]{1,64}(\/_history\/[A-Za-z0-9\-.]{1,64})?$/
const absoluteUri = /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/

function itemProblems(item: FhirContextItem, index: number): string[] {
  const at = `fhirContext[${index}]`
  const { reference, role } = item
  const names = [reference, item.canonical, item.identifier].filter((value) => value !== undefined)
  return [
    ...(names.length === 0 ? [`${at}: one of reference, canonical and identifier is required`] : []),
    ...(reference === undefined || relativeReference.test(reference)
      ? []
      : [`${at}.reference: a relative reference such as ImagingStudy/123 is expected`]),
    ...(role === undefined || role === 'launch' || absoluteUri.test(role)
      ? []
      : [`${at}.role: "launch" or an absolute URI is expected`]),
    // Patient and Encounter in context stand at the top level; here they need a role of their own.
    ...(isTopLevel(item) && (role ?? 'launch') === 'launch'
      ? [`${at}: a Patient or Encounter needs a role other than "launch"`]
      : []),
  ]
}

function isTopLevel(item: FhirContextItem): boolean {
  const type = item.reference?.split('/')[0] ?? item.type
  return type === 'Patient' || type === 'Encounter'
}
