/** One visit to a record makes many events: those of one person, app and kind within an hour are one line. */
import type { Seen } from './seen.ts'

export interface SeenGroup extends Omit<Seen, 'type'> {
  /** The kinds of data, each once, in the order they came up. */
  readonly types: readonly string[]
  /** When the first of them was; `time` is when the last was. */
  readonly since: string
  readonly count: number
}

const HOUR = 60 * 60_000

/** Lays neighbours together; the events come newest first, and so do the groups. */
export function groupSeen(events: readonly Seen[]): SeenGroup[] {
  const groups: SeenGroup[] = []
  for (const event of events) {
    const last = groups.at(-1)
    if (last && belongs(event, last)) groups[groups.length - 1] = joined(last, event)
    else groups.push(begun(event))
  }
  return groups
}

function belongs(event: Seen, group: SeenGroup): boolean {
  const isSame = (['account', 'who', 'app', 'deed', 'outcome'] as const).every(
    (name) => event[name] === group[name],
  )
  return isSame && Date.parse(group.time) - Date.parse(event.time) < HOUR
}

function begun({ type, ...event }: Seen): SeenGroup {
  return { ...event, types: type === undefined ? [] : [type], since: event.time, count: 1 }
}

function joined(group: SeenGroup, { type, time }: Seen): SeenGroup {
  const types = type === undefined ? group.types : [...new Set([...group.types, type])]
  return { ...group, types, since: time, count: group.count + 1 }
}
