// An EHR launch handle: opaque, five minutes, once, for this app only. LNCH-03, LNCH-06, AMB-06; without it the request is standalone (SEED-30).
import type { Params } from '../../http/params.ts'
import type { Scope } from '../../smart/scope.ts'
import { OAuthError } from '../errors.ts'
import type { Launch, LaunchStore } from '../ports.ts'
import { hashSecret } from '../secrets.ts'
import { kindOf } from './context-owed.ts'

const longestHandle = 512

/** Takes the launch that the request names; nothing when it names none. The user is compared when the session is known. */
export async function loadLaunch(
  params: Params,
  clientId: string,
  launches: LaunchStore,
  now: number,
): Promise<Launch | undefined> {
  const handle = params.get('launch')
  if (!handle) return undefined
  const launch = handle.length <= longestHandle ? await launches.take(hashSecret(handle), clientId, now) : undefined
  if (!launch) throw new OAuthError('launchUnknown')
  return launch
}

/** Drops context scopes that this request cannot fulfil: `launch` without a launch (CTX-09), kinds of context that nobody has. */
export function contextScopesOf(scopes: readonly Scope[], launch: Launch | undefined): Scope[] {
  const kinds = new Set(launch?.context.fhirContext?.map(kindOf))
  return scopes.filter((scope) => {
    if (scope.kind !== 'context') return true
    if (scope.type === undefined) return launch !== undefined
    return scope.type === 'patient' || scope.type === 'encounter' || kinds.has(scope.type)
  })
}
