/**
 * What a call of `$everything` is about: the patient or encounter, which the caller has to be able to read and to find;
 * otherwise it is told like one that does not exist.
 */
import { patientsOf } from '../../../smart/compartment.ts'
import { admit, reachFor } from '../../enforce.ts'
import type { Services } from '../../interactions/handler.ts'
import { noSuch, visible } from '../../interactions/visible.ts'
import { FhirError } from '../../outcomes.ts'
import type { Call } from '../operation.ts'

/** The resource in the middle. */
export interface Focus {
  readonly type: string
  readonly id: string
  /** Whose record it is in. */
  readonly patients: readonly string[]
  /** The address of the call, below the FHIR base. */
  readonly place: string
}

/** Loads the focus; throws that there is none. */
export async function loadFocus(call: Call, services: Services): Promise<Focus> {
  const { type = '', id: named } = call.asked
  const id = named ?? patientInContext(call)
  const name = `${type}/${id}`
  const found = await visible(await services.repository.read(type, id), name, call, services)
  if (!admit(found, reachFor(call.caller, 's', type), services.matches)) throw noSuch(name)
  const place = named === undefined ? `${type}/$everything` : `${name}/$everything`
  return { type, id, patients: patientsOf(found.resource), place }
}

/** Everybody's record at once is what bulk export is for. */
function patientInContext({ caller }: Call): string {
  if (caller.patient !== undefined) return caller.patient
  throw new FhirError('notBuilt', {
    text: 'Without a patient in context, a patient has to be named: Patient/[id]/$everything.',
  })
}
