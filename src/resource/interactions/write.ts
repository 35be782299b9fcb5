/**
 * What all writes have in common: the resource is judged as it will be stored, what was judged is what is replaced, and
 * nothing is stored before the audit record is written (see `Prepared`).
 */
import type { Touched } from '../../audit/fhir-access.ts'
import type { Resource } from '../../smart/resource.ts'
import { mayWriteBinary } from '../binary.ts'
import { checkNotKept, checkWritable, outside } from '../enforce.ts'
import { asStored, checkValid } from '../incoming.ts'
import { checkLabels } from '../labels.ts'
import { FhirError, type FhirErrorName } from '../outcomes.ts'
import { type Change, isVersionConflict, type Repository, type Stored, type Written } from '../repository.ts'
import type { FhirReply } from '../request.ts'
import type { Permitted, Prepared, Services } from './handler.ts'

/**
 * The body as it will be stored under `id`, after it was judged: as it will be here, as it was by whoever found `current`
 * (SCOPE-20; annex F, AMB-25).
 */
export async function judge(
  body: Resource,
  id: string,
  current: Stored | undefined,
  permitted: Permitted,
  services: Services,
): Promise<Resource> {
  const version = String(Number(current?.version ?? 0) + 1)
  const resource = asStored(body, { id, version, base: services.base, now: services.now() })
  if (resource.resourceType === 'Binary') {
    if (!(await mayWriteBinary(resource, permitted, services))) throw outside(resource)
  } else checkWritable(resource, current?.resource, permitted.reach, services.matches)
  checkNotKept([current?.resource, resource], services.matches)
  if (current) await checkLabels(current, resource, permitted, services)
  checkValid(resource)
  return resource
}

interface Judged {
  /** The status when the write succeeds. */
  readonly status: number
  readonly touched: Touched
  readonly changes: readonly Change[]
  readonly reply: (written: readonly Written[]) => FhirReply
  /** Whether the request named the version that it replaces. */
  readonly insists?: boolean
}

/** A write that is ready to be stored. */
export function prepareWrite(judged: Judged, { repository }: Services): Prepared {
  const { status, touched, changes, reply, insists } = judged
  return {
    status,
    touched,
    write: { changes, reply },
    finish: async () => reply(await commit(changes, repository, insists ? 'stale' : 'raced')),
  }
}

/** Stores all the changes or none; throws `conflict` when something is not any more as it was judged. */
export async function commit(
  changes: readonly Change[],
  repository: Repository,
  conflict: FhirErrorName,
): Promise<readonly Written[]> {
  try {
    return await repository.commit(changes)
  } catch (error) {
    if (!isVersionConflict(error)) throw error
    throw new FhirError(conflict)
  }
}

/** The one thing that a commit of one change came to. */
export function only(written: readonly Written[]): Written {
  const [first] = written
  if (!first) throw new Error('the store wrote nothing')
  return first
}
