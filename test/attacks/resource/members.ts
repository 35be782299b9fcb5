/** A resource in the record of patient b for every type and every parameter of the patient compartment. */
import { patientCompartment } from '../../../src/smart/compartment.r4.ts'
import { readOnlyTypes } from '../../../src/smart/read-only.ts'
import type { Resource } from '../../../src/smart/resource.ts'

/** The least resource that is in a patient’s compartment by one element path. */
export function memberBy(type: string, path: readonly string[], patient: string, id: string): Resource {
  const inner: unknown = { reference: `Patient/${patient}` }
  const nested = path.reduceRight((value, name) => ({ [name]: value }), inner)
  return { resourceType: type, id, ...(nested as object) }
}

// What this server writes by itself has attacks of its own: audit-events.test.ts.
const stored = Object.entries(patientCompartment).filter(([type]) => !readOnlyTypes.includes(type))
/** One of patient b by every way to be in a compartment. */
export const members = stored.flatMap(([type, { paths }]) =>
  paths.map((path, at) => ({ type, path, id: `b-${type.toLowerCase()}-${at}`.slice(0, 60) })),
)
