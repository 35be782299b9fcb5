/** Resources for the page on which one is chosen: those that the user may see, and the app where its scopes speak of the type. */
import type { ResourceSummary, ResourcesAsked } from '../authorization/ports.ts'
import { resourcesOf } from '../ehr/fhir/bundle.ts'
import { resourceDate, resourceLabel } from '../ehr/fhir/resource-label.ts'
import type { Resource } from '../smart/resource.ts'
import type { ResourceScope } from '../smart/scope.ts'
import type { FhirReader } from './fhir-reader.ts'

const most = 50

/** Reads them as this account; the latest first. */
export async function chosenResources(
  read: FhirReader,
  userId: string,
  { type, patient, isOfPatient, scopes }: ResourcesAsked,
): Promise<ResourceSummary[]> {
  const place = isOfPatient ? `Patient/${patient}/${type}` : type
  const searching = searchesOf(type, scopes)
  const within =
    searching.length === 0 ? undefined : { scopes: searching, ...(patient !== undefined && { patient }) }
  const bundle = await read(userId, `${place}?_sort=-_lastUpdated&_count=${most}`, within)
  return resourcesOf(bundle)
    .filter(({ resourceType }) => resourceType === type)
    .map(summaryOf)
    .toSorted((a, b) => (b.date ?? '').localeCompare(a.date ?? ''))
}

/** What the scopes let an app see of a type; to be shown a choice takes a search, to be told the chosen one a read. */
function searchesOf(type: string, scopes: readonly ResourceScope[]): ResourceScope[] {
  return scopes
    .filter((scope) => scope.type === type || scope.type === '*')
    .filter(({ letters }) => letters.includes('r') || letters.includes('s'))
    .map((scope) => ({ ...scope, type, letters: ['r', 's'] }))
}

function summaryOf(resource: Resource): ResourceSummary {
  const date = resourceDate(resource)
  const { status } = resource
  return {
    id: resource.id ?? '',
    label: resourceLabel(resource),
    ...(date !== undefined && { date }),
    ...(typeof status === 'string' && { status }),
  }
}
