/** Where a forgotten password is told. */
export const RESET = '/account/reset'
/** Where the link of the letter leads. */
export const RESET_PASSWORD = '/account/reset/password'
