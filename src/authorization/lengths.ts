/** How much an app may say or be granted, in characters. */

/** A scope, asked for or granted. */
export const SCOPE_LENGTH = 16 * 1024

/** A scope that a token carries itself: in base64url and with what else it says, it fits into headers of 8 kB. */
export const CARRIED_SCOPE_LENGTH = 4 * 1024
