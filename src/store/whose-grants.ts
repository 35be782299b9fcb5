/** How rows of grants say whose they are: an app that acts for itself has nobody's, and has an index of its own. */

/** In the place of the account where an app acts for itself: no account is called so. */
export const nobody = ''

/** A person's grants, as their index has them. */
export const ofUser = `user_id = ? AND user_id <> '${nobody}'`

/** Those of apps that act for themselves. */
export const ofApps = `user_id = '${nobody}'`
