/** Which member of RFC 7591 is which of a client: one row a member, read in both directions. */
import { type Client, withProvenTrust } from '../client.ts'
import type { ClientMetadata } from '../client-metadata.ts'

/** Another part that gives clients metadata of its own adds a row here and a rule in `client-metadata.ts`. */
const members = [
  ['client_name', 'name'],
  ['redirect_uris', 'redirectUris'],
  ['initiate_login_uri', 'launchUri'],
  ['grant_types', 'grantTypes'],
  ['token_endpoint_auth_method', 'authMethod'],
  ['token_endpoint_auth_signing_alg', 'assertionAlg'],
  ['scope', 'scope'],
  ['jwks', 'jwks'],
  ['jwks_uri', 'jwksUri'],
  ['logo_uri', 'logoUri'],
  ['client_uri', 'clientUri'],
  ['policy_uri', 'policyUri'],
  ['tos_uri', 'tosUri'],
  ['contacts', 'contacts'],
  ['software_id', 'softwareId'],
  ['software_version', 'softwareVersion'],
  ['require_pushed_authorization_requests', 'requiresPushedRequests'],
  ['require_signed_request_object', 'requiresSignedRequests'],
  ['request_object_signing_alg', 'requestObjectAlg'],
  ['request_uris', 'requestUris'],
  ['dpop_bound_access_tokens', 'dpopBoundTokens'],
  ['post_logout_redirect_uris', 'postLogoutRedirectUris'],
  ['backchannel_logout_uri', 'backchannelLogoutUri'],
  ['userinfo_signed_response_alg', 'userinfoSignedResponseAlg'],
  ['access_token_format', 'accessTokenFormat'],
] as const satisfies readonly (readonly [keyof ClientMetadata, keyof Client])[]

/** The names of RFC 7591 that a client can have; what an administrator reads of one has them all. */
export const memberNames = members.map(([member]) => member)

/** A client of that metadata, and nothing else: no secret, no rights of the house. */
export function clientOf(metadata: ClientMetadata, made: Pick<Client, 'id' | 'createdAt'>): Client {
  const own = members.flatMap(([member, name]) =>
    metadata[member] === undefined ? [] : [[name, metadata[member]] as const],
  )
  return { ...made, ...Object.fromEntries(own) } as Client
}

/** A client with other metadata; what is no metadata (secrets, rights, state) stays as it is, but for rights that only an app that authenticates can have. */
export function withMetadata(client: Client, metadata: ClientMetadata): Client {
  const { id, createdAt } = client
  const replaced = new Set<string>(members.map(([, name]) => name))
  const kept = Object.entries(client).filter(([name]) => !replaced.has(name))
  return withProvenTrust({ ...Object.fromEntries(kept), ...clientOf(metadata, { id, createdAt }) } as Client)
}

/** What a client is registered with, in the names of RFC 7591. */
export function metadataOf(client: Client): Record<string, unknown> {
  const told = members.flatMap(([member, name]) =>
    client[name] === undefined ? [] : [[member, client[name]] as const],
  )
  return {
    ...Object.fromEntries(told),
    response_types: client.grantTypes.includes('authorization_code') ? ['code'] : [],
  }
}

/** The members by which two registrations differ, in the names of RFC 7591. */
export function changedMembers(before: Client, after: Client): string[] {
  return members.flatMap(([member, name]) =>
    JSON.stringify(before[name]) === JSON.stringify(after[name]) ? [] : [member],
  )
}
