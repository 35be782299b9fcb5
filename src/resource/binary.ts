/**
 * Enforces that a Binary is seen and written by those only who may read what its security context names. Whose record
 * that is decides whose record the Binary is part of. @see FHIR R4 Binary, security
 */
import { isFhirId, parseReference } from '../smart/ids.ts'
import type { Resource } from '../smart/resource.ts'
import { isUnlimited } from '../smart/slice.ts'
import {
  type Admitted,
  admit,
  admitBinary,
  isBinaryInReach,
  reachFor,
  type SecurityContext,
} from './enforce.ts'
import type { Permitted, Services } from './interactions/handler.ts'
import type { Stored } from './repository.ts'

type Asking = Pick<Permitted, 'caller' | 'reach'>

/** The resource when it is in reach, whatever its type; else nothing. */
export async function admitAny(
  stored: Stored,
  asking: Asking,
  services: Services,
): Promise<Admitted | undefined> {
  const { reach } = asking
  if (stored.type !== 'Binary') return admit(stored, reach, services.matches)
  const context = await loadContext(stored.resource, asking, services)
  return admitBinary(stored, context, reach, services.matches)
}

/** Whether a Binary, as it would be stored, is in reach. */
export async function mayWriteBinary(binary: Resource, asking: Asking, services: Services): Promise<boolean> {
  const context = await loadContext(binary, asking, services)
  return isBinaryInReach(binary, context, asking.reach, services.matches)
}

async function loadContext(
  { securityContext }: Resource,
  { caller }: Asking,
  { repository, matches, pending }: Services,
): Promise<SecurityContext> {
  if (securityContext === undefined) return { named: false }
  const { reference } = securityContext as { reference?: unknown }
  const target = parseReference(reference)
  // A Binary stands for nothing by itself, so it cannot be what another one is judged by.
  if (!target || target.type === 'Binary' || !isFhirId(target.id)) return { named: true }
  const reach = reachFor(caller, 'r', target.type)
  const stored = await loadTarget(target, repository, pending)
  if (stored && !stored.deleted) {
    const visible = admit(stored, reach, matches)?.resource
    return visible ? { named: true, visible } : { named: true }
  }
  // What is not there hides nothing from somebody from whom nothing of its type is hidden.
  const nothingHidden = isUnlimited(reach, target.type)
  return nothingHidden
    ? { named: true, visible: { resourceType: target.type, id: target.id } }
    : { named: true }
}

async function loadTarget(
  { type, id }: { readonly type: string; readonly id: string },
  repository: Services['repository'],
  pending: Services['pending'],
): Promise<Stored | undefined> {
  const resource = pending.get(`${type}/${id}`)
  if (!resource) return repository.read(type, id)
  return { type, id, version: '', lastUpdated: '', deleted: false, resource, json: '' }
}
