/** How long everything of the authorization server lives, in milliseconds. */
const SECOND = 1000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE

/** CODE-04, AMB-56: an authorization code. */
export const CODE_LIFETIME = 60 * SECOND
/** From the authorization request to the user's decision. */
export const FLOW_LIFETIME = 10 * MINUTE
/** TOK-24, TOK-25: an access token of an app that cannot keep a secret. */
export const PUBLIC_TOKEN_LIFETIME = 10 * MINUTE
/** TOK-24, TOK-25: an access token of an app that can. */
export const CONFIDENTIAL_TOKEN_LIFETIME = 60 * MINUTE
/** BKND-17, BKND-18: an access token of an app that acts for itself. */
export const BACKEND_TOKEN_LIFETIME = 5 * MINUTE
/** An ID token is proof of one sign-in, read at once. */
export const ID_TOKEN_LIFETIME = 10 * MINUTE
/** A refresh token that nobody used for so long is dead. */
export const REFRESH_IDLE_LIMIT = 90 * DAY
/** How long this process believes that a grant it looked up is still live; its own revocations count at once. */
export const GRANT_LIVENESS_MEMORY = 1 * SECOND
/** What is over and only tells what once was: initial access tokens, metadata documents that nobody gave anything. */
export const FORGOTTEN_AFTER = 30 * DAY
