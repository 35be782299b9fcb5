/** The launch builder. */
export const launcher = {}
