/** The beginning of a launch: both kinds leave this page for the server's authorization endpoint. */
import { CLIENT_ID, oauth2 } from './library.js'
import { EHR_LAUNCH, standaloneScopes } from './scopes.js'

/** Options that both kinds of launch share. */
function shared() {
  return {
    clientId: CLIENT_ID,
    redirectUri: 'index.html',
    pkceMode: 'required',
    // The library's own state has too little chance in it for AUTHZ-09; a random UUID has 122 bits from the system.
    stateKey: crypto.randomUUID(),
    // In a frame or a pop-up the app stays where the EHR put it.
    completeInTarget: true,
  }
}

/**
 * Renews the access. A refusal of what worked before means that the server, or the person at it, has ended it.
 * @param {any} client
 */
export async function renew(client) {
  try {
    await client.refresh()
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    throw new Error(said.includes('invalid_grant') ? `access_ended: ${said}` : said, { cause: error })
  }
}

/** Goes on with a launch that an EHR or portal started; `iss` and `launch` stand in this page's address. */
export function connectLaunch() {
  return oauth2.authorize({ ...shared(), scope: EHR_LAUNCH })
}

/**
 * Starts by itself: the server signs the person in and has a patient chosen.
 * @param {boolean} withVisit whether a visit is to be chosen too
 */
export function connectStandalone(withVisit) {
  const iss = new URL('../../fhir', location.href).href
  return oauth2.authorize({ ...shared(), iss, scope: standaloneScopes(withVisit) })
}
