/** Gives every entry its place in the store, and turns what the Bundle calls its resources into Type/id. */
import { isDeepStrictEqual } from 'node:util'
import type { Resource } from '../../smart/resource.ts'
import { conditionOf, linksOf, relinkNarratives, targetOf } from '../bundle/links.ts'
import type { Repository } from '../repository.ts'
import { type Conditions, createConditions } from './conditions.ts'
import type { Batch, Entry } from './entry.ts'
import { ownId } from './own-id.ts'
import { LoadRefused, type Place } from './refusal.ts'

/** What is to be written, and what was found to be there already. */
export interface Resolved {
  /** By Type/id. */
  readonly resources: ReadonlyMap<string, Resource>
  readonly places: ReadonlyMap<string, Place>
  /** Resources that a condition found, so that none is made: their types. */
  readonly existing: readonly string[]
  /** Links by urn to nothing in the Bundle; they stay as they are. */
  readonly dangling: number
}

interface Placed {
  readonly entry: Entry
  readonly reference: string
  readonly exists: boolean
}

/** Resolves one batch against itself and the store; the resources are changed in place. Throws LoadRefused. */
export async function resolveBatch(batch: Batch, repository: Repository, base: string): Promise<Resolved> {
  const placed = await placeEntries(batch, createConditions(repository, base, new Map()))
  const written = placed.filter((one) => !one.exists)
  const resources = gather(written)
  const targets = nameTargets(placed)
  const conditions = createConditions(repository, base, resources)
  let dangling = 0
  for (const { entry, reference } of written) {
    const resource = resources.get(reference)
    if (resource) dangling += await relink(resource, entry.place, targets, conditions)
  }
  return {
    resources,
    places: new Map(written.map(({ reference, entry }) => [reference, entry.place])),
    existing: placed.filter((one) => one.exists).map(({ entry }) => entry.resource.resourceType),
    dangling,
  }
}

async function placeEntries(batch: Batch, conditions: Conditions): Promise<Placed[]> {
  const placed: Placed[] = []
  const made = new Map<string, string>()
  for (const entry of batch) {
    const { request, resource, place } = entry
    const own = `${resource.resourceType}/${ownId(entry)}`
    if (request?.condition === undefined) {
      placed.push({ entry, reference: own, exists: false })
      continue
    }
    const key = `${request.type}?${request.condition}`
    const [found, another] = await conditions.find(request.type, request.condition, place)
    if (another !== undefined) throw new LoadRefused(`${key} names several resources`, place)
    // Two entries with the same condition are the same resource.
    const reference = found ?? made.get(key) ?? own
    placed.push({
      entry,
      reference,
      exists: request.method === 'POST' && (found !== undefined || made.has(key)),
    })
    made.set(key, reference)
  }
  return placed
}

function gather(written: readonly Placed[]): Map<string, Resource> {
  const resources = new Map<string, Resource>()
  for (const { entry, reference } of written) {
    const id = reference.slice(reference.indexOf('/') + 1)
    const resource: Resource = entry.resource.id === id ? entry.resource : withId(entry.resource, id)
    const twin = resources.get(reference)
    if (twin && !isDeepStrictEqual(twin, resource)) {
      throw new LoadRefused(`${reference} is there twice, with different content`, entry.place)
    }
    resources.set(reference, twin ?? resource)
  }
  return resources
}

/** With another id, where it is usually written. */
function withId({ resourceType, id: _, ...rest }: Resource, id: string): Resource {
  return { resourceType, id, ...rest }
}

/** What each entry is called within the Bundle, and the Type/id it is now. */
function nameTargets(placed: readonly Placed[]): Map<string, string> {
  const targets = new Map<string, string>()
  for (const { entry, reference } of placed) {
    const { fullUrl, resource, place } = entry
    for (const name of [fullUrl, resource.id && `${resource.resourceType}/${resource.id}`]) {
      if (!name) continue
      const other = targets.get(name)
      if (other !== undefined && other !== reference)
        throw new LoadRefused(`${name} names two resources of the Bundle`, place)
      targets.set(name, reference)
    }
  }
  return targets
}

async function relink(
  resource: Resource,
  place: Place,
  targets: ReadonlyMap<string, string>,
  conditions: Conditions,
): Promise<number> {
  let dangling = 0
  const { links, narratives } = linksOf(resource)
  for (const link of links) {
    const target = targetOf(link.target, targets)
    const condition = conditionOf(link)
    if (target !== undefined) link.replace(target)
    else if (condition) link.replace(await resolveCondition(link.target, condition, place, conditions))
    else if (link.target.startsWith('urn:')) dangling++
  }
  relinkNarratives(narratives, (name) => {
    const target = targetOf(name, targets)
    if (target === undefined) dangling++
    return target
  })
  return dangling
}

async function resolveCondition(
  name: string,
  { type, query }: { readonly type: string; readonly query: string },
  place: Place,
  conditions: Conditions,
): Promise<string> {
  const [found, another] = await conditions.find(type, query, place)
  if (another !== undefined) throw new LoadRefused(`${name} names several resources`, place)
  if (found === undefined)
    throw new LoadRefused(`${name} names nothing in the Bundle or the store`, place, true)
  return found
}
