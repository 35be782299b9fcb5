/**
 * The audit trail as resources of type AuditEvent, beside the records of a repository. The trail is the only copy: it is
 * read here and mapped, and whatever a repository might hold of that type is never looked at. Nothing is written here.
 */
import { parseViewId } from '../../audit/fhir/view.ts'
import { FhirError } from '../outcomes.ts'
import type { Change, Repository, SearchPage, Stored } from '../repository.ts'
import type { ReachPlan, SearchPlan } from '../search/plan.ts'
import type { AuditEventDeps } from './deps.ts'

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
    historyPage: async (query) =>
      query.type === own
        ? (await import('./history.ts')).historyOfForm(query, read)
        : repository.historyPage(beside(query)),
    readMany: (references) => readMany(references, repository, deps),
    search: (plan) => searchEither(plan, repository, deps),
    create: (resource) => (resource.resourceType === own ? refuse() : repository.create(resource)),
    update: (resource, options) =>
      resource.resourceType === own ? refuse() : repository.update(resource, options),
    commit: (changes) => (changes.some(isOwn) ? refuse() : repository.commit(changes)),
    delete: (type, id) => (type === own ? refuse() : repository.delete(type, id)),
    putAll: (resources, tally) =>
      resources.some(({ resourceType }) => resourceType === own)
        ? refuse()
        : repository.putAll(resources, tally),
  }
}

function isOwn(change: Change): boolean {
  if (change.kind === 'put') return change.resource.resourceType === own
  return change.kind === 'delete' && change.type === own
}

const ownArm = { type: own, patients: [], clauses: [] }

/** The trail is searched by itself; a search across types finds nothing of it, nor what else may lie under its name. */
async function searchEither(
  plan: SearchPlan,
  repository: Repository,
  deps: AuditEventDeps,
): Promise<SearchPage> {
  if (plan.type === own || (plan.types?.length === 1 && plan.types[0] === own)) {
    const { followChains } = await import('./chains.ts')
    const { searchTrail } = await import('./search.ts')
    const clauses = await followChains(plan.clauses, repository)
    return searchTrail({ ...plan, type: own, clauses }, deps)
  }
  if (plan.types?.includes(own))
    throw new FhirError('parameter', { text: `_type: ${own} is searched by itself, not beside other types.` })
  return repository.search(beside(plan))
}

/** A question across types, without this one. */
function beside<Question extends { readonly type?: string; readonly reach: ReachPlan }>(
  question: Question,
): Question {
  const { type = '*', reach } = question
  return type === '*' ? { ...question, reach: { ...reach, without: [...reach.without, ownArm] } } : question
}

/** The decision has refused it before; this is for whoever comes another way. */
function refuse(): Promise<never> {
  return Promise.reject(new TypeError('the audit trail is written by this server alone'))
}

async function readForm(id: string, { trail, names, base }: AuditEventDeps): Promise<Stored | undefined> {
  const seq = parseViewId(id)
  const record = seq === undefined ? undefined : await trail.find(seq)
  if (!record) return undefined
  const { formById, loadPeople } = await import('./forms.ts')
  const people = await loadPeople([record], names)
  return formById(record, id, { base, people })
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
