/** The history of an audit event: the one version it has, for it never changes. */
import { FhirError } from '../outcomes.ts'
import type { HistoryPage, HistoryQuery, Stored } from '../repository.ts'

const none: HistoryPage = { versions: [], more: false }

/** The version as a page of a history; `read` gives the form by its id. */
export async function historyOfForm(
  query: HistoryQuery,
  read: (id: string) => Promise<Stored | undefined>,
): Promise<HistoryPage> {
  const { id, before, since, at } = query
  if (id === undefined)
    throw new FhirError('notBuilt', { text: 'An AuditEvent never changes: search for them by date.' })
  const stored = before ? undefined : await read(id)
  const updated = stored ? Date.parse(stored.lastUpdated) : 0
  if (!stored || (since !== undefined && updated < since) || (at && updated >= at.high)) return none
  return { versions: [{ stored, position: { updated, row: 0, version: 1 } }], more: false }
}
