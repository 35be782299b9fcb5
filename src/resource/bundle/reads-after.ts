/** The records as they will be after a transaction, for reads by id: to know before whether they would fail. */
import { writeExact } from '../exact-json.ts'
import type { Change, Repository, Stored } from '../repository.ts'

/** The repository with the changes made; nothing is stored. */
export function readsAfter(repository: Repository, changes: readonly Change[]): Repository {
  const after = new Map<string, Stored>()
  for (const change of changes) {
    const stored = storedAfter(change)
    if (stored) after.set(`${stored.type}/${stored.id}`, stored)
  }
  return {
    ...repository,
    read: async (type, id) => after.get(`${type}/${id}`) ?? (await repository.read(type, id)),
  }
}

function storedAfter(change: Change): Stored | undefined {
  if (change.kind === 'expect') return undefined
  const version = String(Number(change.ifMatch ?? 0) + 1)
  const lastUpdated = new Date(0).toISOString()
  if (change.kind === 'delete') {
    const { type, id } = change
    return { type, id, version, lastUpdated, deleted: true, json: '', resource: { resourceType: type, id } }
  }
  const { resource } = change
  const { resourceType: type, id = '' } = resource
  return { type, id, version, lastUpdated, deleted: false, resource, json: writeExact(resource) }
}
