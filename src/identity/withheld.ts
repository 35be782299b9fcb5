/** What is withheld from a person: by the site's policy, and by the Consents of patients. */
import { type Capacity, type SitePolicy, type Subject, withheldFrom } from '../smart/policy.ts'
import type { HeldBack } from '../smart/slice.ts'
import type { ConsentGroup } from './consent/consent-rule.ts'
import { consentsAgainst } from './consent/judge-consent.ts'

/** Somebody from whom something may be withheld. */
export interface Reader extends Subject {
  /** Every FHIR record that is this person. */
  readonly references: readonly string[]
  /** The ids of the patients that this person is. */
  readonly own: readonly string[]
}

/** The slices withheld from somebody at `now`; `groups` are the Consents in force. */
export function withheldFromReader(
  reader: Reader,
  policy: SitePolicy,
  groups: readonly ConsentGroup[],
  now: number,
): HeldBack[] {
  const { consents } = policy
  const byConsent = consents
    ? reader.capacities.flatMap((one) => consented(one, reader, consents, groups, now))
    : []
  return [...withheldFrom(policy.withhold, reader), ...byConsent]
}

/** Each capacity is judged for itself: a Consent may deny the parent what it permits the clinician. */
function consented(
  capacity: Capacity,
  { references, own, glassBroken }: Reader,
  { unless, because }: NonNullable<SitePolicy['consents']>,
  groups: readonly ConsentGroup[],
  now: number,
): HeldBack[] {
  if (capacity.role === 'patient') return []
  const what = consentsAgainst(groups, { references, own, capacity }, now)
  if (what.length === 0) return []
  const rule = { name: 'consents', what, from: [capacity.role], unless, because }
  return withheldFrom([rule], { capacities: [capacity], glassBroken })
}
