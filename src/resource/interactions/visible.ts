/**
 * Enforces that a resource outside of the reach is told exactly like one that does not exist: same status, headers and
 * body (RSRC-03, SCOPE-17, SCOPE-20; annex F, AMB-26). Only the audit trail knows the difference.
 */

import { admitAny } from '../binary.ts'
import type { Admitted } from '../enforce.ts'
import { FhirError } from '../outcomes.ts'
import type { Stored } from '../repository.ts'
import { type Permitted, type Services, touch } from './handler.ts'

/** The stored resource when there is one and it is in reach; else throws that there is no `name`. */
export async function visible(
  stored: Stored | undefined,
  name: string,
  permitted: Permitted,
  services: Services,
): Promise<Admitted> {
  if (!stored || stored.deleted) throw noSuch(name)
  return (await admitAny(stored, permitted, services)) ?? hidden(stored, name)
}

/** A resource that the caller may know of. */
export interface Known {
  readonly current: Stored
  /** What was judged: the current version or, of a deleted resource, the last one that has content. */
  readonly content: Admitted
}

/** The resource when what it is now, or was before it was deleted, is in reach; else throws that there is no `name`. */
export async function loadKnown(
  type: string,
  id: string,
  name: string,
  permitted: Permitted,
  services: Services,
): Promise<Known> {
  const current = await services.repository.read(type, id)
  if (!current?.deleted) {
    const content = await visible(current, name, permitted, services)
    return { current: content, content }
  }
  // A deletion always follows a version with content.
  const last = await services.repository.vread(type, id, String(Number(current.version) - 1))
  return { current, content: await visible(last, name, permitted, services) }
}

/** That there is no resource of this name. */
export function noSuch(name: string): FhirError {
  return new FhirError('notFound', { text: `There is no ${name}.`, detail: 'absent' })
}

/** That a resource was deleted, for whom it may be told. */
export function gone(name: string, { current }: Known): FhirError {
  return new FhirError('gone', { text: `${name} was deleted, version ${current.version}.` })
}

function hidden(stored: Stored, name: string): never {
  throw new FhirError('notFound', {
    ...noSuch(name).more,
    detail: 'reach',
    touched: touch([stored.resource]),
  })
}
