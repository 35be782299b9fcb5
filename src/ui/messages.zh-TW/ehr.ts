import type { ehr as english } from '../messages.en/ehr.ts'

/** The sandbox EHR. */
export const ehr = {} satisfies typeof english
