/** How much an app may say or be granted, in characters. */

/** A scope, asked for or granted: tokens carry it, and a token has to fit into the headers of a request. */
export const SCOPE_LENGTH = 16 * 1024
