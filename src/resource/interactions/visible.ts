/**
 * Enforces that a resource outside of the reach is told exactly like one that does not exist: same status, headers and
 * body (RSRC-03, SCOPE-17, SCOPE-20; annex F, AMB-26). Only the audit trail knows the difference.
 */
import { type Admitted, admit } from '../enforce.ts'
import { FhirError } from '../outcomes.ts'
import type { Stored } from '../repository.ts'
import { type Permitted, type Services, touch } from './handler.ts'

/** The stored resource when there is one and it is in reach; else throws that there is no `name`. */
export function visible(
  stored: Stored | undefined,
  name: string,
  { reach }: Permitted,
  { matches }: Services,
): Admitted {
  // A deleted resource has no content that could be judged, so it is told like one that never was.
  if (!stored || stored.deleted) throw noSuch(name)
  return admit(stored, reach, matches) ?? hidden(stored, name)
}

/** That there is no resource of this name. */
export function noSuch(name: string): FhirError {
  return new FhirError('notFound', { text: `There is no ${name}.`, detail: 'absent' })
}

function hidden(stored: Stored, name: string): never {
  throw new FhirError('notFound', {
    ...noSuch(name).more,
    detail: 'reach',
    touched: touch([stored.resource]),
  })
}
