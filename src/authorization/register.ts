// Dynamic registration, where it is open: whole and valid metadata, or nothing is stored. REG-05, REG-06; RFC 7591 §3.
import { clientRegistered } from '../audit/event.ts'
import { json } from '../http/reply.ts'
import type { HttpReply, HttpRequest } from '../http/route.ts'
import type { Client } from './client.ts'
import { type ClientMetadata, clientMetadata } from './client-metadata.ts'
import { OAuthError } from './errors.ts'
import type { ClientStore, Trail } from './ports.ts'
import { hashSecret, type Ids } from './secrets.ts'

interface RegisterDeps {
  readonly clients: ClientStore
  readonly audit: Trail
  readonly ids: Ids
  readonly now: () => number
}

/** Answers a registration request. */
export async function register(request: HttpRequest, deps: RegisterDeps): Promise<HttpReply> {
  try {
    const metadata = parseMetadata(request)
    const { client, secret } = createClient(metadata, deps)
    await deps.clients.add(client)
    await deps.audit.record(clientRegistered({ client: client.id, address: request.remoteAddress }))
    return json(201, registrationOf(client, metadata, secret))
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    return json(error.kind.status, { error: error.kind.error, error_description: error.text })
  }
}

/** How a failure before the endpoint is told. */
export function registrationFailure(status: number, text: string): HttpReply {
  const error =
    status === 429 ? 'temporarily_unavailable' : status >= 500 ? 'server_error' : 'invalid_client_metadata'
  return json(status, { error, error_description: text })
}

function parseMetadata(request: HttpRequest): ClientMetadata {
  if (request.contentType !== 'application/json') throw new OAuthError('registrationForm')
  const checked = clientMetadata.safeParse(parseJson(request.body))
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  const member = issue?.path.join('.') ?? ''
  if (member === '') throw new OAuthError('registrationForm')
  const kind = member.startsWith('redirect_uris') ? 'redirectUriRule' : 'metadata'
  throw new OAuthError(kind, { text: `${member}: ${issue?.message ?? 'not acceptable'}` })
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** A new app of that metadata, and its secret if it can keep one; the secret is told once and never stored. */
export function createClient(
  metadata: ClientMetadata,
  deps: Pick<RegisterDeps, 'ids' | 'now'>,
): { readonly client: Client; readonly secret: string | undefined } {
  const secret = metadata.token_endpoint_auth_method === 'none' ? undefined : deps.ids.secret()
  const { logo_uri, client_uri, policy_uri, tos_uri, contacts, software_id, software_version } = metadata
  const client: Client = {
    id: deps.ids.id('app_'),
    name: metadata.client_name,
    authMethod: metadata.token_endpoint_auth_method,
    ...(secret && { secrets: [{ hash: hashSecret(secret), createdAt: deps.now() }] }),
    redirectUris: metadata.redirect_uris,
    grantTypes: metadata.grant_types,
    scope: metadata.scope,
    ...(metadata.initiate_login_uri && { launchUri: metadata.initiate_login_uri }),
    ...(logo_uri && { logoUri: logo_uri }),
    ...(client_uri && { clientUri: client_uri }),
    ...(policy_uri && { policyUri: policy_uri }),
    ...(tos_uri && { tosUri: tos_uri }),
    ...(contacts && { contacts }),
    ...(software_id && { softwareId: software_id }),
    ...(software_version && { softwareVersion: software_version }),
    ...(metadata.access_token_format && { accessTokenFormat: metadata.access_token_format }),
    ...(metadata.userinfo_signed_response_alg && {
      userinfoSignedResponseAlg: metadata.userinfo_signed_response_alg,
    }),
    createdAt: deps.now(),
  }
  return { client, secret }
}

function registrationOf(client: Client, metadata: ClientMetadata, secret: string | undefined): object {
  return {
    client_id: client.id,
    client_id_issued_at: Math.floor(client.createdAt / 1000),
    ...(secret && { client_secret: secret, client_secret_expires_at: 0 }),
    ...metadata,
  }
}
