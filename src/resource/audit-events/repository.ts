/**
 * The audit trail as resources of type AuditEvent, beside the records of a repository. The trail is the only copy: it is
 * read here and mapped, and whatever a repository might hold of that type is never looked at. Nothing is written here.
 */
import { parseViewId } from '../../audit/fhir/view.ts'
import type { Repository, Stored } from '../repository.ts'
import { formsOf, loadPeople } from './forms.ts'
import { type AuditEventDeps, searchTrail } from './search.ts'

const own = 'AuditEvent'

/** The repository with the trail in it. */
export function withAuditEvents(repository: Repository, deps: AuditEventDeps): Repository {
  const read = (id: string) => readForm(id, deps)
  return {
    ...repository,
    read: (type, id) => (type === own ? read(id) : repository.read(type, id)),
    vread: async (type, id, version) => {
      if (type !== own) return repository.vread(type, id, version)
      return version === '1' ? read(id) : undefined
    },
    history: async (type, id) => {
      if (type !== own) return repository.history(type, id)
      const form = await read(id)
      return form ? [form] : []
    },
    readMany: (references) => readMany(references, repository, deps),
    search: (plan) => (plan.type === own ? searchTrail(plan, deps) : repository.search(plan)),
    create: (resource) => (resource.resourceType === own ? refuse() : repository.create(resource)),
    update: (resource, options) =>
      resource.resourceType === own ? refuse() : repository.update(resource, options),
    delete: (type, id) => (type === own ? refuse() : repository.delete(type, id)),
    putAll: (resources, tally) =>
      resources.some(({ resourceType }) => resourceType === own)
        ? refuse()
        : repository.putAll(resources, tally),
  }
}

/** The decision has refused it before; this is for whoever comes another way. */
function refuse(): Promise<never> {
  return Promise.reject(new TypeError('the audit trail is written by this server alone'))
}

async function readForm(id: string, { trail, names, base }: AuditEventDeps): Promise<Stored | undefined> {
  const seq = parseViewId(id)
  const record = seq === undefined ? undefined : await trail.find(seq)
  if (!record) return undefined
  const people = await loadPeople([record], names)
  return formsOf(record, base, people).find(({ stored }) => stored.id === id)?.stored
}

type References = Parameters<Repository['readMany']>[0]

async function readMany(
  references: References,
  repository: Repository,
  deps: AuditEventDeps,
): Promise<Stored[]> {
  const others = references.filter(({ type }) => type !== own)
  if (others.length === references.length) return repository.readMany(references)
  const found = new Map((await repository.readMany(others)).map((stored) => [nameOf(stored), stored]))
  for (const { type, id } of references.filter((reference) => reference.type === own)) {
    const form = await readForm(id, deps)
    if (form) found.set(nameOf({ type, id }), form)
  }
  return [...new Set(references.map(nameOf))].flatMap((name) => found.get(name) ?? [])
}

function nameOf({ type, id }: { readonly type: string; readonly id: string }): string {
  return `${type}/${id}`
}
