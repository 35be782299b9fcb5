// An app reads, changes and removes its own registration with the token that came with it, and no other app's. RFC 7592 §2.
import { administered, registrationRefused } from '../../audit/event.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import type { Client } from '../client.ts'
import type { ClientMetadata } from '../client-metadata.ts'
import { OAuthError } from '../errors.ts'
import { isSecretOf } from '../secrets.ts'
import { reasonOf } from '../token/form.ts'
import { registrationError, registrationReply } from './answer.ts'
import {
  isOtherThanApproved,
  isRuledOut,
  isWaiting,
  reasonsOfChange,
  reasonsToWait,
  withTrustLeft,
} from './approval.ts'
import { bearerOf } from './bearer.ts'
import { type FreshSecret, isSecretOfApp, newSecret, secretsAfter } from './client-secret.ts'
import type { RegistrationDeps } from './deps.ts'
import { changedMembers, metadataOf, withMetadata } from './metadata-members.ts'
import { type JsonObject, parseMetadata, parseObject } from './parse-metadata.ts'
import type { RegisteredApp, WaitReason } from './ports.ts'
import { checkStatement, claimsOfKept, isBeyondStatement } from './software-statement.ts'

type Work = (app: RegisteredApp, token: string) => Promise<HttpReply>

/** The registration as it is. */
export function readRegistration(request: HttpRequest, deps: RegistrationDeps): Promise<HttpReply> {
  return forOwner(request, deps, async (app, registrationToken) =>
    registrationReply(200, app, { registrationToken }, deps.baseUrl),
  )
}

/** Removes the app, and with it everything that it holds. */
export function removeRegistration(request: HttpRequest, deps: RegistrationDeps): Promise<HttpReply> {
  return forOwner(request, deps, async ({ client }, token) => {
    const told = administered(actorOf(client, request), 'app-removed', { kind: 'app', id: client.id })
    const removed = await deps.registrations.change(client.id, deps.now(), (app) =>
      isOwner(app, token) ? { remove: true, told } : undefined,
    )
    if (!removed) throw new OAuthError('registrationToken')
    deps.changed()
    return { status: 204, headers: { 'cache-control': 'no-store', pragma: 'no-cache' } }
  })
}

/** Replaces all metadata; what an administrator has to see first makes the app wait again, and what waits is not replaced. */
export function replaceRegistration(request: HttpRequest, deps: RegistrationDeps): Promise<HttpReply> {
  return forOwner(request, deps, async ({ client, registration }, registrationToken) => {
    const object = parseObject(request)
    checkOwnMembers(object, client, deps.now())
    const sent = object.software_statement === registration.statement ? undefined : object.software_statement
    const statement = await checkStatement(sent, { ...deps, issuers: deps.registration.statementIssuers })
    const kept = statement?.text ?? registration.statement
    const claims = kept === undefined ? {} : await claimsOfKept(kept)
    const metadata = parseMetadata({ ...object, ...claims })
    const fresh = newSecret(deps.ids, deps.now())
    let secret: string | undefined
    const changed = await deps.registrations.change(client.id, deps.now(), (app) => {
      if (!isOwner(app, registrationToken)) return undefined
      // An administrator may have said no, or another change may have made it wait, while a statement was looked at.
      checkMayChange(app.client)
      const next = replaced(app, { metadata, fresh, statement: kept, claims }, deps)
      secret = next.secret
      const detail = changedMembers(app.client, next.app.client).join(' ')
      const about = { kind: 'app', id: client.id } as const
      return { app: next.app, told: administered(actorOf(client, request), 'app-changed', about, detail) }
    })
    if (!changed) throw new OAuthError('registrationToken')
    deps.changed()
    return registrationReply(
      200,
      changed,
      { registrationToken, ...(secret !== undefined && { secret }) },
      deps.baseUrl,
    )
  })
}

async function forOwner(request: HttpRequest, deps: RegistrationDeps, work: Work): Promise<HttpReply> {
  const { authorization } = request.headers
  try {
    const token = bearerOf(authorization)
    if (token === undefined) throw new OAuthError('registrationToken')
    const app = await deps.registrations.find(request.segments.id ?? '')
    if (!app || !isOwner(app, token)) throw new OAuthError('registrationToken')
    return await work(app, token)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    await deps.audit.record(registrationRefused({ address: request.remoteAddress }, reasonOf(error)))
    return registrationError(error, authorization !== undefined)
  }
}

function isOwner({ registration }: RegisteredApp, token: string): boolean {
  return registration.tokenHash !== undefined && isSecretOf(token, registration.tokenHash)
}

function actorOf({ id }: Client, { remoteAddress }: HttpRequest) {
  return { client: id, address: remoteAddress }
}

const notToBeSent = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
]

/** What an administrator has read is what they approve, and what they have refused stays so. RFC 7592 §2.2 */
function checkMayChange(client: Client): void {
  if (isRuledOut(client)) throw new OAuthError('registrationForbidden')
  if (isWaiting(client)) throw new OAuthError('registrationWaiting')
}

/** RFC 7592 §2.2: the same app, none of what the server sets, and no secret of its own choice. */
function checkOwnMembers(object: JsonObject, client: Client, now: number): void {
  checkMayChange(client)
  if (object.client_id !== client.id) {
    throw new OAuthError('metadata', { text: 'client_id: has to be the one of this registration' })
  }
  const sent = notToBeSent.find((member) => member in object)
  if (sent !== undefined) throw new OAuthError('metadata', { text: `${sent}: is not for the app to send` })
  const secret = object.client_secret ?? undefined
  if (secret === undefined) return
  if (typeof secret !== 'string' || !isSecretOfApp(client, secret, now)) {
    throw new OAuthError('metadata', {
      text: 'client_secret: has to be the one that was issued, or left out',
    })
  }
}

/** What an app sends in place of what it is, and a secret in case it needs one. */
interface Replacement {
  readonly metadata: ClientMetadata
  readonly fresh: FreshSecret
  readonly statement: string | undefined
  readonly claims: JsonObject
}

function replaced(
  { client, registration }: RegisteredApp,
  { metadata, fresh, statement, claims }: Replacement,
  deps: RegistrationDeps,
): { app: RegisteredApp; secret?: string } {
  const { client: next, ...made } = secretsAfter(client, withMetadata(client, metadata), fresh)
  const change = { before: metadataOf(client), after: metadataOf(next) }
  const isOther =
    isOtherThanApproved(client, next) ||
    (registration.origin === 'statement' &&
      isBeyondStatement(claims, change, statement === registration.statement))
  const waitsFor = isOther ? reasonsToWaitAgain(client, next, deps) : []
  const { waitsFor: _, ...known } = registration
  return {
    ...made,
    app: {
      client: {
        ...withTrustLeft(next, isOther),
        ...(waitsFor.length > 0 && { disabled: true, approval: 'waiting' as const }),
      },
      registration: {
        ...known,
        ...(waitsFor.length > 0 && { waitsFor }),
        ...(statement !== undefined && { statement }),
      },
    },
  }
}

function reasonsToWaitAgain(before: Client, after: Client, { registration }: RegistrationDeps): WaitReason[] {
  return registration.open ? reasonsToWait(after, registration.open) : reasonsOfChange(before, after)
}
