/**
 * The context of a launch, and how it stands in the token response.
 * @see SMART App Launch 2.2, launch context arrives with your access token
 */
import { resourceTypes } from './compartment.r4.ts'
import { isFhirId, parseReference } from './ids.ts'

/** An item of `fhirContext`: at least one of reference, canonical and identifier; whatever else it has is passed through. */
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
  /** What a Task that asks for the launch has to say to the app (TASK-09). */
  readonly appContext?: string
}

const typesInLowerCase = new Map(resourceTypes.map((type) => [type.toLowerCase(), type]))

/** The resource type of a `launch/…` scope in its own spelling; nothing when there is none of that name (CTX-03). */
export function typeOfContextScope(lowerCase: string): string | undefined {
  return typesInLowerCase.get(lowerCase)
}

const memberNames = {
  patient: 'patient',
  encounter: 'encounter',
  fhirContext: 'fhirContext',
  intent: 'intent',
  needPatientBanner: 'need_patient_banner',
  smartStyleUrl: 'smart_style_url',
  tenant: 'tenant',
  appContext: 'appContext',
} as const satisfies Record<keyof LaunchContext, string>

const namedMembers = Object.entries(memberNames) as [keyof LaunchContext, string][]

/** The members that a token response gets beside the access token; what is not known is left out, never null. */
export function contextMembers(context: LaunchContext): Record<string, unknown> {
  const members: Record<string, unknown> = {}
  for (const [key, name] of namedMembers) {
    const value = context[key]
    if (value !== undefined) members[name] = value
  }
  return members
}

/** What is wrong with a context before it is promised to an app; empty when nothing is. Each text begins with the member. */
export function problemsOf(context: LaunchContext): string[] {
  const { patient, encounter, fhirContext = [], smartStyleUrl } = context
  return [
    ...problemIf(patient !== undefined && !isFhirId(patient), 'patient: a bare resource id is expected'),
    ...problemIf(
      encounter !== undefined && !isFhirId(encounter),
      'encounter: a bare resource id is expected',
    ),
    ...problemIf(fhirContext.length > mostItems, `fhirContext: ${mostItems} items are the most`),
    ...fhirContext.slice(0, mostItems).flatMap(itemProblems),
    ...problemIf(
      smartStyleUrl !== undefined && !webAddress.test(smartStyleUrl),
      'smart_style_url: an http or https address is expected',
    ),
    ...textProblems(context),
  ]
}

const mostItems = 100
const longestText = 1000
/** A JSON of some length, as a Task may carry one. */
const longestAppContext = 10_000
const absoluteUri = /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/
const canonicalUrl = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s|]+(?:\|[^\s|]+)?$/
const webAddress = /^https?:\/\/[^\s/?#@\\]+(?:[/?#]\S*)?$/i
const types = new Set(resourceTypes)

function problemIf(isWrong: boolean, text: string): string[] {
  return isWrong ? [text] : []
}

function textProblems({ intent, tenant, appContext, smartStyleUrl }: LaunchContext): string[] {
  const limits = [
    ['intent', intent, longestText],
    ['tenant', tenant, longestText],
    ['smart_style_url', smartStyleUrl, longestText],
    ['appContext', appContext, longestAppContext],
  ] as const
  return limits.flatMap(([name, text, most]) =>
    problemIf(
      text !== undefined && (text === '' || text.length > most),
      `${name}: 1 to ${most} characters are expected`,
    ),
  )
}

function itemProblems(item: FhirContextItem, index: number): string[] {
  const at = `fhirContext[${index}]`
  const { reference, canonical, identifier, type, role } = item
  const parsed = parseReference(reference)
  const names = [reference, canonical, identifier].filter((value) => value !== undefined)
  return [
    ...problemIf(names.length === 0, `${at}: one of reference, canonical and identifier is required`),
    ...problemIf(
      reference !== undefined && !(parsed && types.has(parsed.type)),
      `${at}.reference: a relative reference such as ImagingStudy/123 is expected`,
    ),
    ...problemIf(
      canonical !== undefined && !canonicalUrl.test(canonical),
      `${at}.canonical: a canonical URL is expected`,
    ),
    ...problemIf(
      identifier !== undefined && Object.keys(identifier).length === 0,
      `${at}.identifier: a FHIR Identifier is expected`,
    ),
    ...typeProblems(at, type, parsed?.type),
    ...problemIf(
      role !== undefined && role !== 'launch' && !absoluteUri.test(role),
      `${at}.role: "launch" or an absolute URI is expected`,
    ),
    // Patient and Encounter in context stand at the top level; here they need a role of their own.
    ...problemIf(
      isTopLevel(item) && (role ?? 'launch') === 'launch',
      `${at}: a Patient or Encounter needs a role other than "launch"`,
    ),
  ]
}

function typeProblems(at: string, type: string | undefined, referred: string | undefined): string[] {
  if (type === undefined) return []
  return [
    ...problemIf(!types.has(type), `${at}.type: a FHIR resource type is expected`),
    ...problemIf(referred !== undefined && referred !== type, `${at}.type: the reference is to another type`),
  ]
}

function isTopLevel({ reference, type }: FhirContextItem): boolean {
  return [reference?.split('/')[0], type].some((name) => name === 'Patient' || name === 'Encounter')
}
