/** A patient's record as the signed-in user may read it: searches, page by page up to a bound. */
import { isFhirId } from '../smart/ids.ts'
import type { Resource } from '../smart/resource.ts'
import { nextPathOf, resourcesOf } from './fhir/bundle.ts'
import type { Chart, EhrUser } from './ports.ts'

/** What a search found, and whether there was more than was read. */
export interface Found {
  readonly resources: readonly Resource[]
  readonly truncated: boolean
}

/** Searches below the FHIR base with one user's authority. */
export type SearchRecord = (path: string) => Promise<Found>

/** More than any section shows in full; a record of decades stays quick to open. */
export const mostResources = 1000

export function createSearchRecord(chart: Chart, user: EhrUser, fhirBase: string): SearchRecord {
  return async (path) => {
    const resources: Resource[] = []
    let next: string | undefined = path
    while (next !== undefined && resources.length < mostResources) {
      const bundle: Resource | undefined = await chart.get(user, next)
      resources.push(...resourcesOf(bundle))
      next = nextPathOf(bundle, fhirBase)
    }
    return { resources, truncated: next !== undefined }
  }
}

/** Reads one resource by an id that came from outside: what is no id names nothing, and is not asked for. */
export async function readById(
  chart: Chart,
  user: EhrUser,
  type: string,
  id: string,
): Promise<Resource | undefined> {
  const found = isFhirId(id) ? await chart.get(user, `${type}/${id}`) : undefined
  return found?.resourceType === type ? found : undefined
}
