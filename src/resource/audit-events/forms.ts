/** Records of the audit trail as stored resources, with the names of people and apps as they are now. */
import type { Actor } from '../../audit/actor.ts'
import type { People, Person } from '../../audit/fhir/people.ts'
import { toAuditEvent } from '../../audit/fhir/to-audit-event.ts'
import { type View, viewId, viewsOf } from '../../audit/fhir/view.ts'
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

/**
 * The forms of a record, each made when it is asked for: the whole one and those of `patients`, or all without such a
 * list. With `first` those with a lower number are passed over.
 */
export function* formsOf(record: KeptRecord, { base, people, patients, first = 0 }: Making): Generator<Form> {
  const views = viewsOf(record.event).slice(0, mostForms)
  for (const [at, view] of views.entries()) {
    const isWanted = view.patient === undefined || !patients || patients.has(view.patient)
    if (at >= first && isWanted) yield { record, at, stored: storedOf(record, view, { base, people }) }
  }
}

/** The form of a record that has this id. */
export function formById(record: KeptRecord, id: string, shown: Shown): Stored | undefined {
  const view = viewsOf(record.event)
    .slice(0, mostForms)
    .find((one) => viewId(record.seq, one) === id)
  return view && storedOf(record, view, shown)
}

interface Shown {
  readonly base: string
  readonly people: People
}

interface Making extends Shown {
  readonly patients?: ReadonlySet<string>
  readonly first?: number
}

function storedOf(record: KeptRecord, view: View, shown: Shown): Stored {
  const resource = toAuditEvent(record.seq, record, view, shown)
  return {
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
}

/** The people and apps of some records. */
export async function loadPeople(records: readonly KeptRecord[], names: Names): Promise<People> {
  const { people, meet } = meetPeople(names)
  await meet(records)
  return people
}

/** People and apps, known once a record of theirs was met; each is asked for once. */
export function meetPeople(names: Names): {
  readonly people: People
  meet(records: readonly KeptRecord[]): Promise<void>
} {
  const persons = new Map<string, Person | undefined>()
  const apps = new Map<string, string | undefined>()
  return {
    people: { person: (account) => persons.get(account), app: (client) => apps.get(client) },
    async meet(records) {
      const actors = records.map(({ event }) => event.actor)
      await Promise.all([
        lookUp(actors, 'user', names.person, persons),
        lookUp(actors, 'client', names.app, apps),
      ])
    },
  }
}

async function lookUp<Found>(
  actors: readonly Actor[],
  member: 'user' | 'client',
  find: (id: string) => Promise<Found | undefined>,
  known: Map<string, Found | undefined>,
): Promise<void> {
  const ids = actors.map((actor) => actor[member]).filter((id) => id !== undefined && !known.has(id))
  const asked = [...new Set(ids)] as string[]
  const found = await Promise.all(asked.map(find))
  asked.forEach((id, at) => {
    known.set(id, found[at])
  })
}
