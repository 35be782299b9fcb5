// An EHR launch handle: opaque, five minutes, once, for this app, user and session only. LNCH-03, LNCH-06, AMB-06, CTX-09.
import type { LaunchContext } from '../../smart/context.ts'
import { formatGrant, parseGrant } from '../../smart/grant.ts'
import type { Scope } from '../../smart/scope.ts'
import { OAuthError } from '../errors.ts'
import type { FlowStore, LaunchStore, User } from '../ports.ts'
import { nonEmpty } from './check-scope.ts'
import { canBeChosen, kindOf, owesPatient } from './context-owed.ts'
import { type Flow, moved } from './flow.ts'

/** Takes the launch that the flow waits for, now that its user is known; a flow without launch stays as it is. */
export async function loadLaunch(
  flow: Flow,
  user: User,
  deps: { launches: LaunchStore; flows: FlowStore; now: () => number },
): Promise<Flow> {
  if (flow.launchHash === undefined) return flow
  if (flow.launchUserId === undefined) {
    const holder = { clientId: flow.request.clientId, userId: user.id, sessionId: user.sessionId }
    const launch = await deps.launches.take(flow.launchHash, holder, deps.now())
    if (!launch) throw new OAuthError('launchUnknown')
    const { scopes } = parseGrant(flow.request.scope)
    const kinds = kindsIn(launch.context, scopes)
    const scope = formatGrant({ scopes: nonEmpty(fulfillableScopes(scopes, true, kinds)) })
    const request = { ...flow.request, scope }
    const taken = moved(flow, 'signing-in', { request, launchUserId: user.id, context: launch.context })
    if (!(await deps.flows.move(flow.state, taken))) throw new OAuthError('flowMove')
    return taken
  }
  // After a second sign-in that the app asked for, it has to be the same user.
  if (flow.launchUserId !== user.id) throw new OAuthError('launchUnknown', { detail: 'another user' })
  return flow
}

/** The kinds of context that a launch has, with the patient who is yet to be chosen for `patient/` scopes. */
export function kindsIn(
  { patient, encounter, fhirContext = [] }: LaunchContext,
  scopes: readonly Scope[],
): ReadonlySet<string> {
  const hasPatient = patient !== undefined || owesPatient(scopes, true)
  return new Set([
    ...fhirContext.map(kindOf),
    ...(hasPatient ? ['patient'] : []),
    ...(encounter === undefined ? [] : ['encounter']),
  ])
}

/**
 * Drops context scopes that nothing can fulfil: `launch` without a launch (CTX-09), kinds of context that the launch has
 * not, and, where the app starts by itself, kinds of which nobody could choose one.
 */
export function fulfillableScopes(
  scopes: readonly Scope[],
  isEhrLaunch: boolean,
  kinds?: ReadonlySet<string>,
): Scope[] {
  return scopes.filter((scope) => {
    if (scope.kind !== 'context') return true
    if (scope.type === undefined) return isEhrLaunch
    if (kinds !== undefined) return kinds.has(scope.type)
    const hasOwnQuestion = scope.type === 'patient' || scope.type === 'encounter'
    return isEhrLaunch || hasOwnQuestion || canBeChosen(scope.type)
  })
}
