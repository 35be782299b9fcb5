/** How long everything about signing in lasts, in milliseconds. */
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A session nobody uses ends. */
export const SESSION_IDLE_LIMIT = 30 * MINUTE
/** A session ends, used or not. */
export const SESSION_LIFETIME = 12 * HOUR
/** A session's last use is written down no more often than this: it is a commit to the disk. */
export const SESSION_USE_PRECISION = 1 * MINUTE
/** Failed attempts are held against who made them for so long after the last one. */
export const FAILURES_REMEMBERED = 15 * MINUTE
/** The first and the longest wait that repeated failures bring. */
export const FIRST_WAIT = 1 * SECOND
export const LONGEST_WAIT = 5 * MINUTE
/** The choice of a language on this browser. */
export const LOCALE_KEPT = 365 * DAY
/** A browser is known as one of a person's for so long after it last signed in. */
export const DEVICE_KNOWN = 365 * DAY
/** Who changes how they sign in has proved who they are within so long. */
export const PROOF_FRESH = 15 * MINUTE
/** From a provider's word to a session, over all the pages between them. */
export const LONGEST_WAY_IN = 1 * HOUR
/** Between the first factor and the second. */
export const SECOND_STEP_LIFETIME = 10 * MINUTE
/** To enrol an app for one-time codes, from seeing its secret to typing its first code. */
export const SET_UP_LIFETIME = 20 * MINUTE
/** A passkey's challenge. */
export const CHALLENGE_LIFETIME = 5 * MINUTE
/** A link that was mailed. */
export const LINK_LIFETIME = 30 * MINUTE
