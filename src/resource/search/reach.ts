/**
 * A reach as arms of a plan, so that a store narrows its query by what may be seen. A slice that cannot be told
 * is left out of `within` and held back whole by `without`: nothing is seen by mistake.
 */
import { resourceTypes } from '../../smart/compartment.r4.ts'
import type { Compartment } from '../../smart/compartment.ts'
import { parseReference } from '../../smart/ids.ts'
import { type HeldBack, ofType, type Reach, type Slice } from '../../smart/slice.ts'
import { filterClauses } from './filter.ts'
import type { Arm, ReachPlan } from './plan.ts'
import { noVocabulary, type Vocabulary } from './vocabulary.ts'

/** The part of a reach that concerns `type`, or all of it for `*`; `vocabulary` is what its filters may rest on. */
export function planReach(reach: Reach, type: string, vocabulary: Vocabulary = noVocabulary): ReachPlan {
  const { within, without } = type === '*' ? reach : ofType(reach, type)
  return {
    within: join(within.flatMap((slice) => arms(slice, type, vocabulary)).filter((arm) => arm.told)),
    without: join(without.flatMap((slice) => arms(slice, type, vocabulary))),
  }
}

interface ToldArm extends Arm {
  /** False when the filter is not understood; the arm then stands for everything that it might hold. */
  readonly told: boolean
}

function arms(slice: HeldBack, type: string, vocabulary: Vocabulary): ToldArm[] {
  // The shortest list leaves the fewest candidates.
  const patients = slice.compartments.map(patientsIn).sort((a, b) => a.length - b.length)
  // Only patients have compartments here: any other compartment holds nothing.
  if (patients.some((list) => list.length === 0)) return []
  const except = slice.except && { except: patientsIn(slice.except) }
  return typesOf(slice, type, vocabulary).map((armType) => {
    const clauses = filterClauses(armType, slice.filter, vocabulary)
    return { type: armType, patients, ...except, clauses: clauses ?? [], told: clauses !== undefined }
  })
}

// The same list comes with every request of a clinician.
const known = new WeakMap<readonly string[], readonly string[]>()

function patientsIn(compartment: Compartment): readonly string[] {
  if (typeof compartment === 'string') return patientIn(compartment)
  const found = known.get(compartment) ?? compartment.flatMap(patientIn)
  known.set(compartment, found)
  return found
}

function patientIn(compartment: string): string[] {
  const reference = parseReference(compartment)
  return reference?.type === 'Patient' && reference.version === undefined ? [reference.id] : []
}

/** A parameter that not every type has means something else on each: then there is one arm for each type. */
function typesOf(slice: Slice, type: string, vocabulary: Vocabulary): readonly string[] {
  if (slice.type !== '*') return [slice.type]
  if (type !== '*') return [type]
  return filterClauses('*', slice.filter, vocabulary) ? ['*'] : resourceTypes
}

/** Arms that differ only in their one patient become one arm with a list of patients. */
function join(separate: readonly ToldArm[]): Arm[] {
  const joined = new Map<string, Arm>()
  for (const { type, patients, except, clauses } of separate) {
    const key = JSON.stringify([type, patients.length === 1 || patients, except, clauses])
    const same = joined.get(key)
    joined.set(key, {
      type,
      patients: same ? merge(same.patients, patients) : patients,
      ...(except && { except }),
      clauses,
    })
  }
  return [...joined.values()]
}

function merge(a: Arm['patients'], b: Arm['patients']): Arm['patients'] {
  return a.length === 1 ? [[...new Set([...a, ...b].flat())]] : a
}
