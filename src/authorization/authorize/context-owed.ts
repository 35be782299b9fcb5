// Which context a request is owed, and which of it the app gets to know in the end.
// CTX-08, CTX-11, EM-11 (a patient/ scope always has a patient), CTX-02 to CTX-07, CTX-10, CAP-20 to CAP-23.
import { isCompartmentType, isReferenceType } from '../../smart/compartment.ts'
import { type FhirContextItem, type LaunchContext, typeOfContextScope } from '../../smart/context.ts'
import { formatScope, type Scope } from '../../smart/scope.ts'

/** A resource that the app asks the user to choose, by one scope (CTX-02). */
export interface OwedResource {
  /** The scope as it is written: one question each (CTX-05). */
  readonly scope: string
  readonly type: string
  /** The role it was asked for in, as it was written (CTX-04). */
  readonly role?: string
}

/** Whether any of the scopes is limited to one patient. */
function isPatientLimited(scopes: readonly Scope[]): boolean {
  return scopes.some((scope) => scope.kind === 'resource' && scope.level === 'patient')
}

function asksFor(scopes: readonly Scope[], type: string | undefined): boolean {
  return scopes.some((scope) => scope.kind === 'context' && scope.type === type)
}

/** Whether a patient has to be chosen; in an EHR launch `launch/…` is only a hint, which the workflow may not meet. */
export function owesPatient(scopes: readonly Scope[], isEhrLaunch: boolean): boolean {
  if (isPatientLimited(scopes)) return true
  if (isEhrLaunch) return false
  const isOfPatient = owedResources(scopes, isEhrLaunch).some(({ type }) => isCompartmentType(type))
  return isOfPatient || asksFor(scopes, 'patient') || asksFor(scopes, 'encounter')
}

/** Whether a user could be shown resources of this type to choose from; `type` in the lower case of scopes. */
export function canBeChosen(type: string): boolean {
  const name = typeOfContextScope(type)
  // The trail is for no app to be about; patient and encounter have questions of their own.
  if (name === undefined || ['AuditEvent', 'Patient', 'Encounter'].includes(name)) return false
  return isCompartmentType(name) || isReferenceType(name)
}

/** The resources that the user is asked to choose, in the order of the scopes. */
export function owedResources(scopes: readonly Scope[], isEhrLaunch: boolean): OwedResource[] {
  if (isEhrLaunch) return []
  return scopes.flatMap((scope) => {
    if (scope.kind !== 'context' || scope.type === undefined || !canBeChosen(scope.type)) return []
    const type = typeOfContextScope(scope.type) ?? ''
    const { role } = scope
    return [{ scope: formatScope(scope), type, ...(role !== undefined && { role }) }]
  })
}

/** Whether the user is asked for an encounter. */
export function owesEncounter(scopes: readonly Scope[], isEhrLaunch: boolean): boolean {
  return !isEhrLaunch && asksFor(scopes, 'encounter')
}

/** A resource that the user chose. */
export interface ChosenItem {
  /** The scope whose question it answers. */
  readonly scope: string
  readonly item: FhirContextItem
}

/**
 * The part of the context that the granted scopes entitle the app to: what the launch is about by `launch` or by a scope
 * of its own, what the user chose by the scope that it was chosen for. How to look is no secret.
 */
export function contextFor(
  granted: readonly Scope[],
  { patient, encounter, fhirContext = [], needPatientBanner, smartStyleUrl, ...said }: LaunchContext,
  chosen: readonly ChosenItem[] = [],
): LaunchContext {
  const whole = asksFor(granted, undefined)
  const wantsPatient = whole || isPatientLimited(granted) || asksFor(granted, 'patient')
  const wantsEncounter = whole || asksFor(granted, 'encounter')
  const names = new Set(granted.map(formatScope))
  const items = [
    ...fhirContext.filter((item) => whole || asksFor(granted, kindOf(item))),
    ...chosen.filter(({ scope }) => names.has(scope)).map(({ item }) => item),
  ]
  return {
    ...(whole && said),
    ...(needPatientBanner !== undefined && { needPatientBanner }),
    ...(smartStyleUrl !== undefined && { smartStyleUrl }),
    ...(wantsPatient && patient !== undefined && { patient }),
    ...(wantsEncounter && encounter !== undefined && { encounter }),
    ...(items.length > 0 && { fhirContext: items }),
  }
}

/** The resource type of an item of `fhirContext`, in the lower case of `launch/…` scopes. */
export function kindOf(item: FhirContextItem): string {
  return (item.type ?? item.reference?.split('/')[0] ?? '').toLowerCase()
}
