/**
 * What binds a visit to a browser: one random secret in its cookie, from which the nonce and the PKCE verifier of each
 * visit follow. The store has hashes only, so that nobody who reads it can finish somebody's sign-in.
 * @see RFC 9700 §2.1.1 and §4.7, OpenID Connect Core 1.0 §15.5.2
 */
import { createHash, createHmac } from 'node:crypto'
import type { Cookie, HttpRequest } from '../../http/route.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const COOKIE = 'chartkey_visit'
const SECRET = /^[A-Za-z0-9_-]{43}$/
/** How long a person may take at the provider. */
export const VISIT_LIFETIME = 15 * MINUTE
/** How long a newcomer may take to find the activation code. */
export const NEWCOMER_LIFETIME = 15 * MINUTE

/** SHA-256 in base64url; suffices because everything here has 256 random bits. */
export function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

/** The secret of the browser's cookie. */
export function browserSecretOf(request: HttpRequest): string | undefined {
  const secret = request.cookies[COOKIE]
  return secret !== undefined && SECRET.test(secret) ? secret : undefined
}

/** The cookie that keeps it; each visit prolongs it. */
export function browserCookie(secret: string): Cookie {
  return { name: COOKIE, value: secret, maxAge: (VISIT_LIFETIME + NEWCOMER_LIFETIME) / SECOND }
}

/** Takes the cookie away. */
export const noBrowserCookie: Cookie = { name: COOKIE, value: '', maxAge: 0 }

/** The nonce of a visit. */
export function nonceOf(browserSecret: string, state: string): string {
  return derived(browserSecret, `nonce\n${state}`)
}

/** The PKCE verifier of a visit, which the browser never shows to anybody. */
export function verifierOf(browserSecret: string, state: string): string {
  return derived(browserSecret, `verifier\n${state}`)
}

/** The name of a newcomer's row: of this browser and of one visit. */
export function newcomerHash(browserSecret: string): string {
  return hash(`newcomer\n${browserSecret}`)
}

function derived(secret: string, purpose: string): string {
  return createHmac('sha256', secret).update(purpose).digest('base64url')
}
