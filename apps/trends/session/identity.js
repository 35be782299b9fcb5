/** Who is signed in, from the ID token that came with the access token. */

/**
 * The claims of a JWT; nothing when it is not one. Written for UTF-8 names, which `atob` alone would garble.
 * @param {unknown} token
 * @returns {Record<string, any> | undefined}
 */
export function parseClaims(token) {
  const payload = typeof token === 'string' ? token.split('.')[1] : undefined
  if (!payload) return undefined
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
      c.charCodeAt(0),
    )
    const claims = JSON.parse(new TextDecoder().decode(bytes))
    return claims && typeof claims === 'object' ? claims : undefined
  } catch {
    return undefined
  }
}

/**
 * Whether the claims were made by this issuer, for this app, and have not lapsed (OpenID Connect Core §3.1.3.7).
 * The token came straight from the token endpoint, so the connection stands in for checking its signature.
 * @param {Record<string, any>} claims
 * @param {{ issuer: string, clientId: string, now: number | undefined }} expected now in milliseconds, undefined to leave out the clock
 */
export function claimsHold(claims, { issuer, clientId, now }) {
  const audience = [claims.aud].flat()
  const current = now === undefined || Number(claims.exp) * 1000 > now
  return claims.iss === issuer && audience.includes(clientId) && current
}

/**
 * The user's FHIR reference (`Practitioner/7`), from an absolute or relative `fhirUser`.
 * @param {Record<string, any> | undefined} claims
 */
export function userReference(claims) {
  const parts = String(claims?.fhirUser ?? '')
    .split('/')
    .filter(Boolean)
  return parts.length >= 2 ? parts.slice(-2).join('/') : ''
}
