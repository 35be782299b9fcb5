/** The patient portal. */
export const portal = {}
