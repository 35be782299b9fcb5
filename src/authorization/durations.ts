/** How long this process believes what it looked up, and what of keys is public how long, in milliseconds. What a site may decide is in `lifetimes.ts`. */
const SECOND = 1000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE

/** How long this process believes that a grant it looked up is still live; its own revocations count at once. */
export const GRANT_LIVENESS_MEMORY = 1 * SECOND
/** When a grant was last used is kept no more often than this; people are told it to the minute. */
export const GRANT_USE_NOTED = 1 * MINUTE
/** What is over and only tells what once was: initial access tokens, metadata documents that nobody gave anything. */
export const FORGOTTEN_AFTER = 30 * DAY
/** How long others may keep the public keys (`Cache-Control` of the JWK Set). */
export const JWKS_KEPT = 60 * MINUTE
/** A new key is public for so long before it signs: longer than anybody keeps the set without it. */
export const KEY_PUBLISHED_AHEAD = JWKS_KEPT + 10 * MINUTE
/** A key stays public for so long after the last of what it signed has expired: clocks of nodes and apps differ. */
export const KEY_PUBLISHED_MARGIN = 5 * MINUTE
/** A token with an unknown key makes this process look for new keys, no more often than this. */
export const KEY_LOOK_INTERVAL = 1 * SECOND
/** So long after a key is published no more, an ID token that it signed is still known when it comes back as a hint: longer than any grant lives. */
export const RETIRED_KEY_KEPT = 400 * DAY
