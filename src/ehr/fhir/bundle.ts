import type { Resource } from '../../smart/resource.ts'
import { objectOf, objectsOf, textOf } from './shape.ts'

/** The resources of a search reply; OperationOutcomes among them are left out. */
export function resourcesOf(bundle: Resource | undefined): Resource[] {
  if (bundle?.resourceType !== 'Bundle') return []
  return objectsOf(bundle.entry)
    .map((entry) => objectOf(entry.resource))
    .filter((resource) => resource !== undefined)
    .filter((resource) => textOf(resource.resourceType) !== undefined)
    .map((resource) => resource as Resource)
    .filter(({ resourceType }) => resourceType !== 'OperationOutcome')
}

/** The next page of a search as a path below the FHIR base, or nothing when this was the last. */
export function nextPathOf(bundle: Resource | undefined, fhirBase: string): string | undefined {
  const link = objectsOf(bundle?.link).find(({ relation }) => relation === 'next')
  const url = textOf(link?.url)
  return url?.startsWith(`${fhirBase}/`) ? url.slice(fhirBase.length + 1) : undefined
}

/** How many matches the server counted, when it did. */
export function totalOf(bundle: Resource | undefined): number | undefined {
  return typeof bundle?.total === 'number' ? bundle.total : undefined
}
