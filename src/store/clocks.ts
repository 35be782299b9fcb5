const MINUTE = 60 * 1000

/** Clocks of nodes differ: what one still accepts must not have been forgotten by another. So much longer is kept what is over. */
export const KEPT_LONGER = 10 * MINUTE
