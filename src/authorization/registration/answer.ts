/** What an app is told of its registration, and how a refusal looks. RFC 7591 §3.2, RFC 7592 §3; REG-05. */
import { json } from '../../http/reply.ts'
import type { HttpReply } from '../../http/route.ts'
import type { Client } from '../client.ts'
import type { OAuthError } from '../errors.ts'
import { hasSecret } from './client-secret.ts'
import { metadataOf } from './metadata-members.ts'
import type { RegisteredApp } from './ports.ts'

const neverStored = { pragma: 'no-cache' }

/** What is told once: only hashes of these are kept. */
export interface Told {
  readonly registrationToken: string
  readonly secret?: string
}

/** Where an app manages its registration. */
export function managementUri(baseUrl: string, clientId: string): string {
  return `${baseUrl}/oauth/register/${encodeURIComponent(clientId)}`
}

/** Whether an app can be used: `waiting` and `refused` are an administrator's, `disabled` one's too. */
export function statusOf({ approval, disabled }: Client): 'approved' | 'waiting' | 'refused' | 'disabled' {
  return approval ?? (disabled ? 'disabled' : 'approved')
}

/** The registration as the app may see it. */
export function registrationReply(
  status: number,
  { client, registration }: RegisteredApp,
  told: Told,
  baseUrl: string,
): HttpReply {
  const { waitsFor = [], statement } = registration
  const body = {
    client_id: client.id,
    client_id_issued_at: Math.floor(client.createdAt / 1000),
    ...(told.secret !== undefined && { client_secret: told.secret }),
    ...(hasSecret(client) && { client_secret_expires_at: 0 }),
    registration_access_token: told.registrationToken,
    registration_client_uri: managementUri(baseUrl, client.id),
    registration_status: statusOf(client),
    ...(waitsFor.length > 0 && { registration_waits_for: waitsFor }),
    ...metadataOf(client),
    ...(statement !== undefined && { software_statement: statement }),
  }
  return json(status, body, neverStored)
}

/** A refusal; one for want of a token has the challenge of RFC 6750 §3. */
export function registrationError({ kind, text }: OAuthError, sentToken: boolean): HttpReply {
  const challenge = sentToken
    ? `Bearer realm="registration", error="${kind.error}"`
    : 'Bearer realm="registration"'
  const headers = kind.status === 401 ? { ...neverStored, 'www-authenticate': challenge } : neverStored
  return json(kind.status, { error: kind.error, error_description: text }, headers)
}

/** How a failure before the endpoint is told: only of what is too long are the metadata at fault. */
export function registrationFailure(status: number, text: string): HttpReply {
  return json(status, { error: errorOf(status), error_description: text }, neverStored)
}

function errorOf(status: number): string {
  if (status === 429) return 'temporarily_unavailable'
  if (status >= 500) return 'server_error'
  return status === 413 ? 'invalid_client_metadata' : 'invalid_request'
}
