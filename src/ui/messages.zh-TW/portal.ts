import type { portal as english } from '../messages.en/portal.ts'

/** The patient portal. */
export const portal = {} satisfies typeof english
