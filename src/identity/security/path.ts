/** The address of the page on how an account is signed in to. */
export const SECURITY = '/account/security'
