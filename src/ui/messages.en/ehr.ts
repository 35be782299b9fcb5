/** The sandbox EHR. */
export const ehr = {}
