/**
 * Results that wait for release. Who ordered a result: the requester of the ServiceRequest that it is based on; where it
 * is based on none, of a report its interpreter, of a single observation its performer.
 */
import type { Resource } from '../../smart/resource.ts'
import { conceptText } from '../fhir/concept.ts'
import { choiceDate } from '../fhir/date.ts'
import { referencedId, referenceText } from '../fhir/reference.ts'
import { type Members, objectsOf, textOf } from '../fhir/shape.ts'

/** A report, or an observation that is in no report, that waits. */
export interface Waiting {
  readonly resource: Resource
  readonly name?: string | undefined
  readonly date?: string | undefined
  /** The references of those who ordered it. */
  readonly orderers: readonly string[]
  /** What the orderer is called. */
  readonly ordererName?: string | undefined
  /** The ids of the observations in a report. */
  readonly results: readonly string[]
}

/** Whether a resource has a tag, `system|code`. */
export function hasTag({ meta }: Resource, tag: string): boolean {
  return objectsOf(meta?.tag).some((one) => isTag(one, tag))
}

function isTag({ system, code }: Members, tag: string): boolean {
  return `${textOf(system) ?? ''}|${textOf(code) ?? ''}` === tag
}

/** The ids of the ServiceRequests that a result is based on. */
export function requestsOf({ basedOn }: Resource): string[] {
  return objectsOf(basedOn).flatMap((reference) => referencedId(reference, 'ServiceRequest') ?? [])
}

/** What waits, reports first; observations that are in a waiting report wait with it. `requests` are those that any is based on. */
export function waitingFrom(resources: readonly Resource[], requests: readonly Resource[]): Waiting[] {
  const reports = resources.filter(({ resourceType }) => resourceType === 'DiagnosticReport')
  const inReports = new Set(reports.flatMap(resultsOf))
  const single = resources.filter(
    ({ resourceType, id }) => resourceType === 'Observation' && !inReports.has(id ?? ''),
  )
  return [...reports, ...single].map((resource) => waiting(resource, requests))
}

/** The ids of the observations that a report holds. */
export function resultsOf({ result }: Resource): string[] {
  return objectsOf(result).flatMap((reference) => referencedId(reference, 'Observation') ?? [])
}

function waiting(resource: Resource, requests: readonly Resource[]): Waiting {
  const orderers = orderersOf(resource, requests)
  return {
    resource,
    name: conceptText(resource.code),
    date: choiceDate(resource, 'effective') ?? textOf(resource.issued),
    orderers: orderers.flatMap((one) => textOf(one.reference) ?? []),
    ordererName: orderers.map(referenceText).find(Boolean),
    results: resultsOf(resource),
  }
}

function orderersOf(resource: Resource, requests: readonly Resource[]): Members[] {
  const asked = requestsOf(resource)
  if (asked.length > 0)
    return requests
      .filter(({ id }) => asked.includes(id ?? ''))
      .flatMap(({ requester }) => objectsOf(requester))
  const interpreters = objectsOf(resource.resultsInterpreter)
  return interpreters.length > 0 ? interpreters : objectsOf(resource.performer)
}
