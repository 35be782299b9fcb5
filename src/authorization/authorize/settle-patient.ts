// The flow with its patient. What a launch that named none brought along is the app's only as far as it is of that patient:
// what is of another, or of whom nobody can tell, is not given. CTX-15.
import { isCompartmentType, isReferenceType } from '../../smart/compartment.ts'
import type { FhirContextItem } from '../../smart/context.ts'
import { formatGrant, parseGrant } from '../../smart/grant.ts'
import type { PatientDirectory, User } from '../ports.ts'
import { nonEmpty } from './check-scope.ts'
import { type Flow, isEhrLaunch } from './flow.ts'
import { fulfillableScopes, kindsIn } from './load-launch.ts'

/** The flow about this patient, without items of others and without the hints that nothing is left of. */
export async function withPatient(
  flow: Flow,
  patient: string,
  user: User,
  directory: PatientDirectory,
): Promise<Flow> {
  const { fhirContext: brought = [], ...rest } = flow.context
  const fits = await Promise.all(brought.map((item) => mayBeTold(item, patient, user, directory)))
  const items = brought.filter((_, index) => fits[index])
  const context = { ...rest, patient, ...(items.length > 0 && { fhirContext: items }) }
  return items.length === brought.length ? { ...flow, context } : withoutEmptyHints({ ...flow, context })
}

/** A role of its own lets an item be of another patient. */
async function mayBeTold(
  { reference, canonical, identifier, type, role = 'launch' }: FhirContextItem,
  patient: string,
  user: User,
  directory: PatientDirectory,
): Promise<boolean> {
  if (role !== 'launch') return true
  if (reference !== undefined) {
    const owners = await directory.ownersOf(user, reference)
    return owners?.includes(patient) || (owners?.length === 0 && tellsItsPatient(reference))
  }
  if (identifier !== undefined) return type !== undefined && isReferenceType(type)
  return canonical !== undefined && !(type !== undefined && isCompartmentType(type))
}

/** Of a type outside the compartment, such as a Contract, it cannot be told that it is of nobody. */
function tellsItsPatient(reference: string): boolean {
  const [type = ''] = reference.split('/')
  return isCompartmentType(type) || isReferenceType(type)
}

function withoutEmptyHints(flow: Flow): Flow {
  if (!isEhrLaunch(flow)) return flow
  const { scopes } = parseGrant(flow.request.scope)
  const fulfilled = fulfillableScopes(scopes, true, kindsIn(flow.context, scopes))
  const scope = formatGrant({ scopes: nonEmpty(fulfilled) })
  return { ...flow, request: { ...flow.request, scope } }
}
