/** How long everything about signing in lasts, in milliseconds. */
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** A session nobody uses ends. */
export const SESSION_IDLE_LIMIT = 30 * MINUTE
/** A session ends, used or not. */
export const SESSION_LIFETIME = 12 * HOUR
/** A session's last use is written down no more often than this: it is a commit to the disk. */
export const SESSION_USE_PRECISION = 1 * MINUTE
/** Failed sign-ins are held against account and address for so long after the last one. */
export const FAILURES_REMEMBERED = 15 * MINUTE
/** The first and the longest wait that repeated failures bring. */
export const FIRST_WAIT = 1 * SECOND
export const LONGEST_WAIT = 5 * MINUTE
/** The choice of a language on this browser. */
export const LOCALE_KEPT = 365 * 24 * HOUR
