// A decision counts again for the same person, app, record and kind of launch, and only for what was asked then; the
// page is skipped only for apps that prove who they are or that an administrator approved. CONS-01, AUTHZ-25; ADR 0029.

import { covers, coversScope, formatGrant, intersect, parseGrant } from '../../smart/grant.ts'
import type { Scope } from '../../smart/scope.ts'
import type { Client } from '../client.ts'
import { type ConsentBasis, type Decided, recordOf } from '../decision-record.ts'
import type { Lifetimes } from '../lifetimes.ts'
import type { User } from '../ports.ts'
import {
  type ConsentKey,
  countsUntil,
  digestOf,
  mayBeLetThrough,
  type RememberedConsent,
  type RememberedConsentStore,
} from '../remembered-consent.ts'
import type { Ids } from '../secrets.ts'
import { eachOnce } from './check-scope.ts'
import { type Flow, isEhrLaunch } from './flow.ts'

/** What recalling and remembering work with; `rememberFor` is milliseconds, 0 for never. */
export interface RecallDeps {
  readonly rememberedConsents: Pick<RememberedConsentStore, 'find'>
  readonly rememberFor: number
  readonly now: () => number
}

/** The decision that still counts for this flow's app and person, if there is one. */
export async function recallConsent(
  flow: Flow,
  user: User,
  client: Client,
  deps: RecallDeps,
): Promise<RememberedConsent | undefined> {
  if (deps.rememberFor === 0) return undefined
  const found = await deps.rememberedConsents.find(keyOf(flow, user))
  const until = found && countsUntil(found, client, deps.rememberFor)
  return until !== undefined && deps.now() < until ? found : undefined
}

/** What the decision grants of this request without the page; nothing where the person has to be asked. */
export function grantedAgain(
  remembered: RememberedConsent,
  offered: readonly Scope[],
  flow: Flow,
  client: Client,
): readonly Scope[] | undefined {
  if (flow.request.prompt.consent || !mayBeLetThrough(client)) return undefined
  if (!covers(parseGrant(remembered.asked), { scopes: offered })) return undefined
  const granted = parseGrant(remembered.granted)
  const again = offered.flatMap((scope) =>
    coversScope(granted.scopes, scope) ? [scope] : intersect(granted, { scopes: [scope] }).scopes,
  )
  return again.length > 0 ? eachOnce(again) : undefined
}

/** The decision that was just made on the page; nothing where the site remembers none. */
export function decisionOf(
  flow: Flow,
  user: User,
  client: Client,
  { offered, granted }: { readonly offered: readonly Scope[]; readonly granted: readonly Scope[] },
  { rememberFor, now }: RecallDeps,
): RememberedConsent | undefined {
  if (rememberFor === 0) return undefined
  const decidedAt = now()
  return {
    ...keyOf(flow, user),
    asked: formatGrant({ scopes: offered }),
    granted: formatGrant({ scopes: granted }),
    client: digestOf(client),
    decidedAt,
    expiresAt: decidedAt + rememberFor,
  }
}

/** What is stored with the code that a decision gives: what is remembered of it, and its record. */
export function decidedNow(
  made: Omit<Decided, 'consentId'>,
  { ids, lifetimes }: { readonly ids: Ids; readonly lifetimes: Lifetimes },
): ConsentBasis {
  // What is no character of a FHIR id becomes one.
  const consentId = ids.id('app-').replaceAll('_', '.')
  const record = recordOf({ ...made, consentId }, lifetimes)
  const { key, remember } = made
  return { decided: key, ...(remember && { remember }), ...(record && { record }) }
}

/** What a decision in this flow is about. */
export function keyOf(flow: Flow, user: User): ConsentKey {
  const { patient } = flow.context
  return {
    userId: user.id,
    clientId: flow.request.clientId,
    ...(patient !== undefined && { patient }),
    launch: isEhrLaunch(flow) ? 'ehr' : 'standalone',
  }
}
