// A client_id that is an address, and what has to stand in the document there: about itself alone, without shared secrets,
// leading back to its own origin. Draft OAuth Client ID Metadata Document §3, §4, §8; REG-02, REG-03; ADR 0022.
import type { Client } from '../client.ts'
import type { ClientMetadata } from '../client-metadata.ts'
import { OAuthError } from '../errors.ts'
import { loopbackHosts } from '../redirect-uri-rule.ts'
import { houseScopesOf } from './house-scopes.ts'
import { type JsonObject, parseMetadata } from './parse-metadata.ts'

const longest = 256

/** Whether a `client_id` is meant as an address; no other id that is given here has a colon in it. */
export function isDocumentId(id: string): boolean {
  return /^https?:/i.test(id)
}

/** The host that the user is shown: all that is known of such an app for sure. */
export function documentHostOf({ id }: Pick<Client, 'id'>): string | undefined {
  return isDocumentId(id) && URL.canParse(id) ? new URL(id).host : undefined
}

/** What is wrong with the address itself; nothing when a document may be asked for there. */
export function problemOfDocumentId(id: string, allowsLoopback: boolean): string | undefined {
  if (id.length > longest) return `longer than ${longest} characters`
  if (!URL.canParse(id)) return 'not a URL'
  const url = new URL(id)
  const isOwnMachine = allowsLoopback && url.protocol === 'http:' && loopbackHosts.has(url.hostname)
  if (url.protocol !== 'https:' && !isOwnMachine) return 'not an https URL'
  if (url.username !== '' || url.password !== '') return 'user information is not allowed'
  if (id.includes('#')) return 'a fragment is not allowed'
  if (url.pathname === '/') return 'a path is needed'
  // Dot segments, default ports, upper case, other notations: there is one way to write an identifier.
  return url.href === id ? undefined : 'not in normal form'
}

const secretMembers = ['client_secret', 'client_secret_expires_at']

/** The metadata of a document. Throws {@link OAuthError} with the member that is wrong. */
export function parseDocument(id: string, document: JsonObject): ClientMetadata {
  if (document.client_id !== id) refuse('client_id', 'has to be the address of the document')
  const secret = secretMembers.find((member) => member in document)
  if (secret !== undefined) refuse(secret, 'a document has no secrets')
  const metadata = parseMetadata({ token_endpoint_auth_method: 'none', ...document })
  const { origin } = new URL(id)
  if (!['none', 'private_key_jwt'].includes(metadata.token_endpoint_auth_method)) {
    refuse('token_endpoint_auth_method', 'has to be none or private_key_jwt')
  }
  if (metadata.grant_types.includes('client_credentials')) {
    refuse('grant_types', 'client_credentials needs a registration')
  }
  if (houseScopesOf(metadata.scope).length > 0)
    refuse('scope', 'has rights on this server, which need a registration')
  const stray = metadata.redirect_uris.find((uri) => isElsewhere(uri, origin))
  if (stray !== undefined)
    refuse('redirect_uris', 'an https address has to be of the same origin as the document')
  return withoutBorrowed(metadata, origin)
}

/** This machine and private-use schemes are for native apps (RFC 8252 §7). */
function isElsewhere(uri: string, origin: string): boolean {
  return uri.startsWith('https:') && new URL(uri).origin !== origin
}

/** Another's home page or logo would be another's good name. */
function withoutBorrowed(metadata: ClientMetadata, origin: string): ClientMetadata {
  const { client_uri, logo_uri, ...rest } = metadata
  const isOwn = (uri: string | undefined): uri is string =>
    uri !== undefined && new URL(uri).origin === origin
  return { ...rest, ...(isOwn(client_uri) && { client_uri }), ...(isOwn(logo_uri) && { logo_uri }) }
}

function refuse(member: string, problem: string): never {
  throw new OAuthError('metadata', { text: `${member}: ${problem}` })
}
