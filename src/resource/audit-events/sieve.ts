/**
 * Whether any form of a record could satisfy a search, told by what many records have in common: the kind of event, how
 * it ended, and who acted. Each combination is asked about once, so that records are passed by before their forms are made.
 * It may let through more than the search, never less.
 */
import type { AuditEvent } from '../../audit/event.ts'
import { actorOf, agentsOf } from '../../audit/fhir/agents.ts'
import { patternOf } from '../../audit/fhir/patterns.ts'
import type { Shown } from '../../audit/fhir/people.ts'
import { outcomeCodes } from '../../audit/fhir/to-audit-event.ts'
import type { View } from '../../audit/fhir/view.ts'
import { parseReference } from '../../smart/ids.ts'
import { clauseHolds } from '../search/matches.ts'
import type { Clause } from '../search/plan.ts'

/** A few elements of a record's forms. */
interface Trait {
  /** The same for records that have the same of them. */
  readonly key: (event: AuditEvent) => string
  readonly elements: (event: AuditEvent, shown: Shown) => object
  /** Whether all forms of a record have the same: else they are laid together, and nothing can be told by what is absent. */
  readonly same: boolean
}

const kind: Trait = {
  key: (event) =>
    `${event.outcome} ${event.kind} ${event.kind === 'fhir-access' ? event.asked.interaction : ''}`,
  elements(event) {
    const { type, subtypes, action } = patternOf(event)
    return { type, subtype: subtypes, action, outcome: outcomeCodes[event.outcome] }
  },
  same: true,
}

const actor: Trait = {
  key: (event) => {
    const { user, fhirUser, client, address } = event.actor
    const typed = event.kind === 'sign-in' ? event.name : undefined
    return JSON.stringify([kind.key(event), user, fhirUser, client, address, typed])
  },
  elements: (event, shown) => ({ agent: formsOfActor(event, shown) }),
  same: false,
}

const traits: Readonly<Record<string, Trait>> = {
  type: kind,
  subtype: kind,
  action: kind,
  outcome: kind,
  agent: actor,
  'agent-name': actor,
  'agent-role': actor,
  address: actor,
  altid: actor,
}

/** Whether a record has to be looked at whole. */
export type Sieve = (event: AuditEvent) => boolean

/** Makes the sieve of a search; who acted has to be known in `shown` when a record is asked about. */
export function createSieve(clauses: readonly Clause[], shown: Shown): Sieve {
  const sieves = clauses.map((clause) => sieveOf(clause, shown))
  return (event) => sieves.every((lets) => lets(event))
}

function sieveOf(clause: Clause, shown: Shown): Sieve {
  if (clause.kind === 'either' && !clause.negated) {
    const sieves = clause.any.map(({ clauses }) => createSieve(clauses, shown))
    return (event) => sieves.some((lets) => lets(event))
  }
  const trait = clause.kind === 'value' && traits[clause.parameter.code]
  if (!trait || (clause.negated && !trait.same)) return () => true
  const known = new Map<string, boolean>()
  return (event) => {
    const key = trait.key(event)
    const answer =
      known.get(key) ?? clauseHolds({ resourceType: 'AuditEvent', ...trait.elements(event, shown) }, clause)
    known.set(key, answer)
    return answer
  }
}

/** As they are in the whole form, in that of who acted if that is a patient, and in that of another patient. */
function formsOfActor(event: AuditEvent, shown: Shown): object[] {
  const own = parseReference(actorOf(event, shown))
  const views: View[] = [{}, { patient: '' }, ...(own?.type === 'Patient' ? [{ patient: own.id }] : [])]
  return views.flatMap((view) => agentsOf(event, patternOf(event), view, shown))
}
