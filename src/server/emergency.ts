/** Breaking the glass, for the EHR: on record with its reason first, then open, and in force with the next request. */
import { emergencyOpened } from '../audit/event.ts'
import type { Trail } from '../audit/trail.ts'
import type { Emergency, EmergencyStore } from '../ehr/ports.ts'
import type { Identity } from '../identity/index.ts'
import type { SitePolicy } from '../smart/policy.ts'
import { hasSteppedUp, type StepUp } from './people-rules.ts'
import type { RememberedRights } from './rights.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const mostListed = 20

/** How long the chart lists an exception that has ended; the audit trail keeps it. */
export const EMERGENCIES_LISTED = 30 * DAY

export interface EmergencyDeps {
  readonly identity: Identity
  readonly rights: RememberedRights
  /** Whether it takes two factors. */
  readonly stepUp?: StepUp | undefined
  readonly store: EmergencyStore
  readonly trail: Trail
  readonly policy: () => SitePolicy
  readonly now: () => number
  readonly newId: () => string
}

export function createEmergency(deps: EmergencyDeps): Emergency {
  const { identity, rights, store, trail, policy, now, newId } = deps
  return {
    async isOffered(user) {
      const account = await identity.accounts.find(user.id)
      return account !== undefined && identity.canBreakGlass(account)
    },
    async isProven(request) {
      if (!deps.stepUp?.emergency) return true
      const session = await identity.sessionOf(request)
      return session !== undefined && hasSteppedUp(session, deps.stepUp, now())
    },
    minutes: () => Math.ceil(policy().glassLasts / MINUTE),
    async open(user, patient, reason) {
      const openedAt = now()
      const endsAt = openedAt + policy().glassLasts
      const actor = { user: user.id, ...(user.fhirUser !== undefined && { fhirUser: user.fhirUser }) }
      await trail.record(emergencyOpened(actor, patient, reason, endsAt))
      await store.add({ id: newId(), userId: user.id, patient, name: user.name, reason, openedAt, endsAt })
      rights.forget(user.id)
    },
    list: (patient) => store.ofPatient(patient, mostListed),
  }
}
