/** A policy for tests: one that withholds nothing, unless they say otherwise. */
import type { SitePolicy } from '../smart/policy.ts'

const DAY = 86_400_000

/** The policy with these members. */
export function policyOf(members: Partial<SitePolicy>): SitePolicy {
  return {
    clinicians: 'everyone',
    care: {
      by: ['care-team', 'encounter', 'appointment'],
      afterEncounter: 30 * DAY,
      beforeAppointment: 7 * DAY,
      afterAppointment: 7 * DAY,
    },
    majority: { years: 18, exceptFor: ['SPS', 'DAUC'] },
    glassLasts: 900_000,
    withhold: [],
    release: { tag: 'urn:chartkey:release|unreleased', by: [] },
    labels: { by: [] },
    ...members,
  }
}
