import { hl7 } from './concepts.ts'

/** What makes a piece of a record more private than the rest of it. */
export type Sensitivity = 'PSY' | 'HIV' | 'ETH' | 'SEX'

const DISPLAY: Readonly<Record<Sensitivity, string>> = {
  PSY: 'psychiatry disorder information sensitivity',
  HIV: 'HIV/AIDS information sensitivity',
  ETH: 'substance abuse information sensitivity',
  SEX: 'sexuality and reproductive health information sensitivity',
}

/** The labels of a sensitive resource, ready to be spread into it; nothing for an ordinary one. */
export function labels(sensitivity: Sensitivity | undefined, unreleased = false) {
  const security = sensitivity && [
    hl7('v3-ActCode', sensitivity, DISPLAY[sensitivity]),
    hl7('v3-Confidentiality', 'R', 'restricted'),
  ]
  const tag = unreleased && [
    { system: 'urn:chartkey:release', code: 'unreleased', display: 'Not yet released to the patient' },
  ]
  if (!security && !tag) return {}
  return { meta: { ...(security ? { security } : {}), ...(tag ? { tag } : {}) } }
}
