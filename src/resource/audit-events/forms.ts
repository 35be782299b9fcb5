/** Records of the audit trail as stored resources, with the names of people and apps as they are now. */
import type { AuditEvent } from '../../audit/event.ts'
import type { People, Person } from '../../audit/fhir/people.ts'
import { toAuditEvent } from '../../audit/fhir/to-audit-event.ts'
import { viewId, viewsOf } from '../../audit/fhir/view.ts'
import type { KeptRecord } from '../../audit/reader.ts'
import type { Stored } from '../repository.ts'

/** Looks up who is behind the ids in the trail. */
export interface Names {
  person(account: string): Promise<Person | undefined>
  app(client: string): Promise<string | undefined>
}

/** One form of a record, with its number among the forms of that record. */
export interface Form {
  readonly record: KeptRecord
  readonly at: number
  readonly stored: Stored
}

/** More than anybody's search touches; the rest of a record's patients would be found by their own trail no more. */
export const mostForms = 16_384

/** All forms of a record. */
export function formsOf(record: KeptRecord, base: string, people: People): Form[] {
  return viewsOf(record.event)
    .slice(0, mostForms)
    .map((view, at) => {
      const resource = toAuditEvent(record.seq, record, view, { base, people })
      const stored = {
        type: 'AuditEvent',
        id: viewId(record.seq, view),
        version: '1',
        lastUpdated: new Date(record.time).toISOString(),
        deleted: false,
        resource,
        get json() {
          return JSON.stringify(resource)
        },
      }
      return { record, at, stored }
    })
}

/** The people and apps of some records, each asked for once. */
export async function loadPeople(records: readonly KeptRecord[], names: Names): Promise<People> {
  const actors = records.map(({ event }: { event: AuditEvent }) => event.actor)
  const [persons, apps] = await Promise.all([
    lookUp(
      actors.map(({ user }) => user),
      names.person,
    ),
    lookUp(
      actors.map(({ client }) => client),
      names.app,
    ),
  ])
  return { person: (account) => persons.get(account), app: (client) => apps.get(client) }
}

async function lookUp<Found>(
  ids: readonly (string | undefined)[],
  find: (id: string) => Promise<Found | undefined>,
): Promise<Map<string, Found | undefined>> {
  const asked = [...new Set(ids.filter((id) => id !== undefined))]
  return new Map(await Promise.all(asked.map(async (id) => [id, await find(id)] as const)))
}
