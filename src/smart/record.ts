/** A patient's record as slices: what a patient-level scope reaches and what a patient has a right to. */
import type { Slice } from './slice.ts'

/**
 * Types that the R4 compartment leaves out although they name their patient. They belong to a record by this search
 * parameter, as a filter: the compartment itself stays what the definition says.
 */
export const linkedTypes: Readonly<Record<string, string>> = { Device: 'patient' }

/** A patient's whole record: the compartment, and the linked types that name the patient. */
export function recordOf(patient: string): Slice[] {
  return recordsOf([patient])
}

/** As many patients stand in one condition of a search. */
const patientsAtOnce = 1000

/** The records of several patients at once: few slices, however many patients there are. */
export function recordsOf(patients: readonly string[]): Slice[] {
  const names = patients.map((patient) => `Patient/${patient}`)
  const [first] = names
  if (first === undefined) return []
  const compartment = names.length === 1 ? first : names
  const linked = Object.entries(linkedTypes).flatMap(([type, parameter]) =>
    chunks(names).map((chunk) => ({
      type,
      compartments: [],
      filter: [{ parameter, value: chunk.join(',') }],
    })),
  )
  return [{ type: '*', compartments: [compartment], filter: [] }, ...linked]
}

function chunks(names: readonly string[]): (readonly string[])[] {
  const found: (readonly string[])[] = []
  for (let at = 0; at < names.length; at += patientsAtOnce) found.push(names.slice(at, at + patientsAtOnce))
  return found
}
