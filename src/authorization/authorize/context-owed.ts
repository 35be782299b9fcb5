// Which context a request is owed, and which of it the app gets to know in the end.
// CTX-08, CTX-11, EM-11 (a patient/ scope always has a patient), CTX-07, CTX-10, CAP-20 to CAP-23.
import type { FhirContextItem, LaunchContext } from '../../smart/context.ts'
import type { Scope } from '../../smart/scope.ts'

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
  return !isEhrLaunch && (asksFor(scopes, 'patient') || asksFor(scopes, 'encounter'))
}

/** Whether the user is asked for an encounter. */
export function owesEncounter(scopes: readonly Scope[], isEhrLaunch: boolean): boolean {
  return !isEhrLaunch && asksFor(scopes, 'encounter')
}

/** The part of the context that the granted scopes entitle the app to. */
export function contextFor(granted: readonly Scope[], context: LaunchContext): LaunchContext {
  const { patient, encounter, fhirContext, ...rest } = context
  const whole = asksFor(granted, undefined)
  const wantsPatient = whole || isPatientLimited(granted) || asksFor(granted, 'patient')
  const wantsEncounter = whole || asksFor(granted, 'encounter')
  const items = fhirContext?.filter((item) => whole || asksFor(granted, kindOf(item)))
  return {
    ...rest,
    ...(wantsPatient && patient !== undefined && { patient }),
    ...(wantsEncounter && encounter !== undefined && { encounter }),
    ...(items && items.length > 0 && { fhirContext: items }),
  }
}

/** The resource type of an item of `fhirContext`, in the lower case of `launch/…` scopes. */
export function kindOf(item: FhirContextItem): string {
  return (item.type ?? item.reference?.split('/')[0] ?? '').toLowerCase()
}
