import type { Resource } from '../../smart/resource.ts'
import type { Repository, WriteOutcome } from '../repository.ts'
import type { Batch } from './entry.ts'
import { parseDocuments } from './parse-documents.ts'
import { LoadRefused } from './refusal.ts'
import { resolveBatch } from './resolve-batch.ts'

/** What one file came to. */
export interface Loaded {
  readonly writes: readonly { readonly type: string; readonly outcome: WriteOutcome }[]
  readonly dangling: number
}

/** Loads the text of one file in one transaction: all of it, or nothing and LoadRefused is thrown. */
export async function loadText(text: string, repository: Repository, base: string): Promise<Loaded> {
  const batches = parseDocuments(text)
  const resources = new Map<string, Resource>()
  const writes: { type: string; outcome: WriteOutcome }[] = []
  let dangling = 0
  for (const batch of batches) {
    const resolved = await resolveBatch(batch, repository, base)
    for (const [reference, resource] of resolved.resources) add(resources, reference, resource, batch)
    for (const type of resolved.existing) writes.push({ type, outcome: 'unchanged' })
    dangling += resolved.dangling
  }
  await repository.putAll([...resources.values()], ({ resourceType: type }, outcome) =>
    writes.push({ type, outcome }),
  )
  return { writes, dangling }
}

/** Two lines of NDJSON may repeat a resource, as long as they agree. */
function add(resources: Map<string, Resource>, reference: string, resource: Resource, batch: Batch): void {
  if (resources.has(reference) && JSON.stringify(resources.get(reference)) !== JSON.stringify(resource)) {
    throw new LoadRefused(`${reference} is there twice, with different content`, batch[0]?.place)
  }
  resources.set(reference, resource)
}
