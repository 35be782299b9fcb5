/** The scope of an access token whose holder may introspect (AMB-46); granted only to an app that an administrator made a resource server. */
export const introspectScope = '__introspect'
