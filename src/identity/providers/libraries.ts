/** What signs people in at providers and checks what comes from there; loaded when the first of them does. */

/** The relying party's part of OpenID Connect. */
export const loadOpenid = () => import('openid-client')

/** Signed tokens. */
export const loadJose = () => import('jose')
