/** Enforces which versions of a history are told, one at a time. */
import { admitAny } from '../binary.ts'
import type { Admitted } from '../enforce.ts'
import type { Stored } from '../repository.ts'
import type { Permitted, Services } from './handler.ts'

/** A version that may be told. */
export interface Told {
  readonly version: Stored
  /** What was judged: the version itself or, of a deletion, the version that it ended. */
  readonly content: Admitted
}

/** Makes the judge of one history; what is current is looked up once for each resource. */
export function createJudge(permitted: Permitted, services: Services) {
  const { repository } = services
  const currents = new Map<string, Promise<Admitted | undefined>>()

  async function contentOf(stored: Stored | undefined): Promise<Admitted | undefined> {
    if (!stored?.deleted) return stored && admitAny(stored, permitted, services)
    const { type, id, version } = stored
    const before = await repository.vread(type, id, String(Number(version) - 1))
    return before && !before.deleted ? admitAny(before, permitted, services) : undefined
  }

  function currentOf({ type, id }: Stored): Promise<Admitted | undefined> {
    const key = `${type}/${id}`
    const known = currents.get(key) ?? repository.read(type, id).then(contentOf)
    currents.set(key, known)
    return known
  }

  return async function judge(version: Stored): Promise<Told | undefined> {
    const content = await contentOf(version)
    return content && (await currentOf(version)) ? { version, content } : undefined
  }
}
