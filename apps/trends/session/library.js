/** fhirclient, which the page loads as a classic script before any module runs. */

/** @type {any} */
const { FHIR } = globalThis

/** The app's client id at the server. */
export const CLIENT_ID = 'trends'

/** Sign-in and tokens. */
export const oauth2 = FHIR?.oauth2

// A public client has nothing else to say who it is when it refreshes; some servers want to hear it (RFC 6749 §6).
if (oauth2) oauth2.settings.refreshTokenWithClientId = true
