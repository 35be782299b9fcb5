/** The person behind the connection, as far as the ID token and the granted scopes tell. */
import { personName } from '../record/person.js'
import { claimsHold, parseClaims, userReference } from './identity.js'
import { CLIENT_ID } from './library.js'

/**
 * The signed-in user's reference and name; nothing when no valid ID token came.
 * @param {any} client
 * @param {Record<string, any> | undefined} patient the patient in context, who may be the user
 * @param {number | undefined} arrived milliseconds; when the ID token came, if that was just now
 * @returns {Promise<{ reference: string, name: string } | undefined>}
 */
export async function loadUser(client, patient, arrived) {
  const claims = parseClaims(client.getState('tokenResponse.id_token'))
  if (!claims) return undefined
  const issuer = await loadIssuer(client.state.serverUrl)
  if (!claimsHold(claims, { issuer, clientId: CLIENT_ID, now: arrived })) return undefined
  const reference = userReference(claims)
  const known = reference === `Patient/${patient?.id}` ? personName(patient) : ''
  return { reference, name: String(claims.name ?? '') || known }
}

/** @param {string} serverUrl */
async function loadIssuer(serverUrl) {
  const reply = await fetch(`${serverUrl.replace(/\/$/, '')}/.well-known/smart-configuration`)
  return reply.ok ? String((await reply.json()).issuer ?? '') : ''
}
