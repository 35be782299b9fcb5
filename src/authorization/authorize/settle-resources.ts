// The next resource that the user is asked to choose; a kind of which there is none to choose is dropped from the request.
// CTX-02 to CTX-06, CTX-10, CTX-27; AMB-31.
import { isCompartmentType } from '../../smart/compartment.ts'
import type { FhirContextItem } from '../../smart/context.ts'
import { formatGrant, parseGrant } from '../../smart/grant.ts'
import { formatScope, type Scope } from '../../smart/scope.ts'
import type { PatientDirectory, ResourceSummary, User } from '../ports.ts'
import { nonEmpty } from './check-scope.ts'
import { type OwedResource, owedResources } from './context-owed.ts'
import { type Flow, isEhrLaunch } from './flow.ts'

/** What the user is to choose, and from what. */
export interface ResourceQuestion extends OwedResource {
  readonly resources: readonly ResourceSummary[]
}

/** The flow without what cannot be asked, and the next question, if there is one. */
export async function settleResources(
  flow: Flow,
  user: User,
  directory: PatientDirectory,
): Promise<{ flow: Flow; question?: ResourceQuestion }> {
  let settled = flow
  for (let owed = nextOwed(settled); owed; owed = nextOwed(settled)) {
    const resources = await choicesFor(owed, settled, user, directory)
    if (resources.length > 0) return { flow: settled, question: { ...owed, resources } }
    settled = withoutScope(settled, owed.scope)
  }
  return { flow: settled }
}

/** The first resource of the request that the user was not asked about. */
export function nextOwed(flow: Flow): OwedResource | undefined {
  const { scopes } = parseGrant(flow.request.scope)
  return owedResources(scopes, isEhrLaunch(flow)).find(({ scope }) => !flow.asked?.includes(scope))
}

/** What the user may see of a kind, in the record in context where it is of a record; and the app, where its scopes speak of it. */
export async function choicesFor(
  { type }: OwedResource,
  { context: { patient }, request }: Flow,
  user: User,
  directory: PatientDirectory,
): Promise<readonly ResourceSummary[]> {
  const isOfPatient = isCompartmentType(type)
  if (isOfPatient && patient === undefined) return []
  const { scopes } = parseGrant(request.scope)
  return directory.resources(user, {
    type,
    scopes: scopes.filter((scope) => scope.kind === 'resource'),
    isOfPatient,
    ...(patient !== undefined && { patient }),
  })
}

/** The chosen resource as an item of `fhirContext`: only an absolute role may be returned (CTX-36). */
export function itemOf({ role }: OwedResource, reference: string): FhirContextItem {
  const isAbsolute = role !== undefined && /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(role)
  return { reference, ...(isAbsolute && { role }) }
}

/** The flow without a scope that was not fulfilled; refuses a request of which none is left. */
export function withoutScope(flow: Flow, name: string): Flow {
  return without(flow, (scope) => formatScope(scope) === name)
}

/** The flow without `launch/encounter`, whatever role it names. */
export function withoutEncounter(flow: Flow): Flow {
  return without(flow, (scope) => scope.kind === 'context' && scope.type === 'encounter')
}

function without(flow: Flow, isUnmet: (scope: Scope) => boolean): Flow {
  const { scopes } = parseGrant(flow.request.scope)
  const left = nonEmpty(scopes.filter((scope) => !isUnmet(scope)))
  return { ...flow, request: { ...flow.request, scope: formatGrant({ scopes: left }) } }
}
