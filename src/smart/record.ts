/** A patient's record as slices: what a patient-level scope reaches and what a patient has a right to. */
import type { Slice } from './slice.ts'

/**
 * Types that the R4 compartment leaves out although they name their patient. They belong to a record by this search
 * parameter, as a filter: the compartment itself stays what the definition says.
 */
export const linkedTypes: Readonly<Record<string, string>> = { Device: 'patient' }

/** A patient's whole record: the compartment, and the linked types that name the patient. */
export function recordOf(patient: string): Slice[] {
  const reference = `Patient/${patient}`
  const linked = Object.entries(linkedTypes).map(([type, parameter]) => ({
    type,
    compartments: [],
    filter: [{ parameter, value: reference }],
  }))
  return [{ type: '*', compartments: [reference], filter: [] }, ...linked]
}
