/**
 * What is known of each provider, asked of it when somebody wants to sign in there and not before: a server starts
 * whether or not its providers do. Kept for a minute, so that one that is down is noticed before a browser is sent there;
 * a failure for a few seconds, so that nobody waits for it twice.
 * @see OpenID Connect Discovery 1.0 §4
 */
import type { KeyObject } from 'node:crypto'
import type { createRemoteJWKSet } from 'jose'
import type * as client from 'openid-client'
import { createBoundedFetch } from './bounded-fetch.ts'
import { loadJose, loadOpenid } from './libraries.ts'
import type { Provider } from './provider.ts'
import { Refusal } from './refusal.ts'

const SECOND = 1000
const KNOWN_FOR = 60 * SECOND
const FAILED_FOR = 5 * SECOND
/** Anybody may have us look for a key that there is not, by a made-up logout token: no more often than this. */
const KEYS_COOLDOWN = 5 * SECOND
const KEYS_KNOWN_FOR = 10 * 60 * SECOND

/** A provider that answered. */
export interface Connection {
  readonly settings: client.Configuration
  /** Its signing keys; an unknown one is looked for anew. */
  readonly keys: ReturnType<typeof createRemoteJWKSet>
}

export interface Connections {
  /** Rejects with a {@link Refusal} `down` when the provider does not answer, or not as one. */
  to(provider: Provider): Promise<Connection>
}

interface Known {
  readonly connection: Promise<Connection>
  until: number
}

/** `limit` is the longest that one request may take, in milliseconds. */
export function createConnections(deps: { now: () => number; limit: number }): Connections {
  const known = new Map<string, Known>()
  return {
    to(provider) {
      const before = known.get(provider.id)
      if (before && deps.now() < before.until) return before.connection
      const connection = connect(provider, deps.limit)
      const entry: Known = { connection, until: deps.now() + KNOWN_FOR }
      known.set(provider.id, entry)
      connection.catch(() => {
        entry.until = deps.now() + FAILED_FOR
      })
      return connection
    },
  }
}

async function connect(provider: Provider, limit: number): Promise<Connection> {
  const [openid, { createRemoteJWKSet, customFetch: joseFetch }] = await Promise.all([
    loadOpenid(),
    loadJose(),
  ])
  const fetch = createBoundedFetch(limit)
  const isPlain = provider.issuer.startsWith('http:')
  try {
    const settings = await openid.discovery(
      new URL(provider.issuer),
      provider.clientId,
      undefined,
      await authenticationOf(provider, openid),
      {
        timeout: limit / SECOND,
        [openid.customFetch]: fetch as client.CustomFetch,
        // Only a provider on this machine may be at a plain address: the configuration has seen to it.
        execute: isPlain ? [openid.allowInsecureRequests] : [],
      },
    )
    const jwksUri = checkEndpoints(settings.serverMetadata(), isPlain)
    const keys = createRemoteJWKSet(jwksUri, {
      [joseFetch]: fetch,
      timeoutDuration: limit,
      cooldownDuration: KEYS_COOLDOWN,
      cacheMaxAge: KEYS_KNOWN_FOR,
    })
    return { settings, keys }
  } catch (error) {
    throw new Refusal('down', `discovery: ${messageOf(error)}`, error)
  }
}

/** Browsers are sent there and keys come from there: only over https, whatever the provider says. */
function checkEndpoints(metadata: client.ServerMetadata, isPlain: boolean): URL {
  const { authorization_endpoint, token_endpoint, end_session_endpoint, jwks_uri } = metadata
  const fits = (url: string | undefined) =>
    url !== undefined && URL.canParse(url) && (isPlain ? /^https?:/ : /^https:/).test(new URL(url).protocol)
  if (!fits(authorization_endpoint) || !fits(token_endpoint) || !jwks_uri || !fits(jwks_uri))
    throw new Error('an endpoint is missing or not at an https address')
  if (end_session_endpoint !== undefined && !fits(end_session_endpoint))
    throw new Error('end_session_endpoint is not at an https address')
  return new URL(jwks_uri)
}

async function authenticationOf(provider: Provider, openid: typeof client): Promise<client.ClientAuth> {
  const { clientSecret, clientSecretBy, privateKey, privateKeyId } = provider
  if (privateKey) {
    const made = await privateKey.toCryptoKey(algorithmOf(privateKey), false, ['sign'])
    // One and the same type by two names: one of Node, one of browsers.
    const key = made as CryptoKey
    return openid.PrivateKeyJwt(privateKeyId === undefined ? key : { key, kid: privateKeyId })
  }
  return clientSecretBy === 'post'
    ? openid.ClientSecretPost(clientSecret)
    : openid.ClientSecretBasic(clientSecret)
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject) {
  if (asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  if (asymmetricKeyType === 'ed25519') return { name: 'Ed25519' }
  return { name: 'ECDSA', namedCurve: asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'P-384' : 'P-256' }
}

/** The whole of what went wrong, for the log; the libraries tell it in the innermost cause. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, 200)
  const inner = error.cause instanceof Error ? ` (${messageOf(error.cause)})` : ''
  return `${error.message.slice(0, 200)}${inner}`
}
