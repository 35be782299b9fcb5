// The code: 256 random bits, sixty seconds, bound to app, redirect URI, challenge and session; only its hash is kept.
// CODE-02, CODE-04, RFC-05, RFC-12.
import { authorizeGranted } from '../../audit/event.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { formatGrant } from '../../smart/grant.ts'
import type { Scope } from '../../smart/scope.ts'
import { acrFor } from '../acr.ts'
import type { ConsentBasis } from '../decision-record.ts'
import { OAuthError } from '../errors.ts'
import type { UserGrant } from '../grant.ts'
import type { FlowStore, Trail, User } from '../ports.ts'
import { hashInOrder, type Ids } from '../secrets.ts'
import { contextFor } from './context-owed.ts'
import { type Flow, isEhrLaunch, moved } from './flow.ts'
import { type KeepDeps, keepAnswer } from './kept-answer.ts'
import { type Members, returnAnswer } from './redirect-back.ts'

interface IssueDeps extends KeepDeps {
  readonly baseUrl: string
  readonly flows: FlowStore
  readonly audit: Trail
  readonly ids: Ids
}

/** Ends the flow with a code and sends the browser back to the app; code, end and the decision behind it are stored together. */
export async function issueCode(
  flow: Flow,
  user: User,
  granted: readonly Scope[],
  request: HttpRequest,
  deps: IssueDeps,
  basisOf?: (grant: UserGrant) => ConsentBasis,
): Promise<HttpReply> {
  const now = deps.now()
  const code = deps.ids.secretInOrder(now)
  const grant = grantOf(flow, user, granted, deps.ids.idInOrder('grant_', now), now)
  const { redirectUri, challenge, jkt, nonce } = flow.request
  const record = {
    hash: hashInOrder(code),
    redirectUri,
    ...(challenge !== undefined && { challenge }),
    ...(jkt !== undefined && { jkt }),
    ...(nonce && { nonce }),
    expiresAt: now + deps.lifetimes.code,
    grant,
  }
  const members: Members = [['code', code]]
  const finished = moved(
    flow,
    'finished',
    keepAnswer(flow, members, request, deps, { codeHash: record.hash }),
  )
  // Somebody else may have answered the same page in another window: only one code comes of a flow.
  if (!(await deps.flows.move(flow.state, finished, record, basisOf?.(grant))))
    throw new OAuthError('flowMove')
  const actor = {
    user: user.id,
    client: grant.clientId,
    grant: grant.id,
    ...(user.fhirUser && { fhirUser: user.fhirUser }),
  }
  await deps.audit.record(authorizeGranted(actor, grant.scope, grant.context.patient))
  return returnAnswer(flow.request, deps.baseUrl, members, request)
}

function grantOf(flow: Flow, user: User, granted: readonly Scope[], id: string, now: number): UserGrant {
  const acr = acrFor(user.methods, flow.request.acrValues ?? [])
  return {
    id,
    clientId: flow.request.clientId,
    userId: user.id,
    userName: user.name,
    ...(user.locale !== undefined && { userLocale: user.locale }),
    ...(user.fhirUser && { fhirUser: user.fhirUser }),
    sessionId: user.sessionId,
    ...(user.authenticatedAt !== undefined && { authenticatedAt: user.authenticatedAt }),
    ...(user.methods && { methods: user.methods }),
    ...(acr !== undefined && { acr }),
    scope: formatGrant({ scopes: granted }),
    context: contextFor(granted, flow.context, flow.chosen),
    launch: isEhrLaunch(flow) ? 'ehr' : 'standalone',
    createdAt: now,
  }
}
