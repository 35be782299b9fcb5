/**
 * Who is in a clinician's care, read from the records: care teams, encounters and appointments in which the clinician
 * takes part, as long as each lasts and for the time after it that the policy grants. What cannot be read as current is not.
 */
import { endOf, isAheadAt, isOverAt, startOf } from '../identity/period.ts'
import { parseReference } from '../smart/ids.ts'
import type { CareKind, CareRule } from '../smart/policy.ts'
import type { Resource } from '../smart/resource.ts'
import type { UnjudgedSearch } from './unjudged-search.ts'

interface Asked {
  /** The clinician's own references. */
  readonly members: readonly string[]
  readonly rule: CareRule
  readonly now: number
}

interface Kind {
  readonly type: string
  readonly query: (asked: Asked) => readonly (readonly [string, string])[]
  readonly patients: (resource: Resource, asked: Asked) => readonly string[]
}

const kinds: Readonly<Record<CareKind, Kind>> = {
  'care-team': {
    type: 'CareTeam',
    query: ({ members }) => [
      ['participant', members.join(',')],
      ['status', 'active'],
    ],
    patients: patientOfTeam,
  },
  encounter: {
    type: 'Encounter',
    query: ({ members, rule, now }) => [
      ['participant', members.join(',')],
      ['status', [...runningEncounters, 'planned', 'finished'].join(',')],
      // Of those that are over only the recent: a clinician of many years has seen many patients.
      ['date', `ge${dayAt(now - rule.afterEncounter)}`],
    ],
    patients: patientOfEncounter,
  },
  appointment: {
    type: 'Appointment',
    query: ({ members, rule, now }) => [
      ['actor', members.join(',')],
      ['status', appointmentsKept.join(',')],
      ['date', `ge${dayAt(now - rule.afterAppointment - longestAppointment)}`],
      ['date', `le${dayAt(now + rule.beforeAppointment)}`],
    ],
    patients: patientsOfAppointment,
  },
}

const DAY = 86_400_000
const runningEncounters = ['arrived', 'triaged', 'in-progress', 'onleave']
const appointmentsKept = ['booked', 'arrived', 'checked-in', 'fulfilled']
/** Appointments are found by their start. */
const longestAppointment = 7 * DAY

/** The ids of the patients in care. `isCut` tells that there were more relations than are read: patients may be missing. */
export async function loadPatientsInCare(
  search: UnjudgedSearch,
  members: readonly string[],
  rule: CareRule,
  now: number,
): Promise<{ readonly patients: readonly string[]; readonly isCut: boolean }> {
  const asked = { members, rule, now }
  const answers = await Promise.all(
    rule.by.map(async (name) => {
      const { type, query, patients } = kinds[name]
      const { found, isCut } = await search(type, query(asked))
      return { patients: found.flatMap(({ resource }) => patients(resource, asked)), isCut }
    }),
  )
  return {
    patients: [...new Set(answers.flatMap((one) => one.patients))],
    isCut: answers.some((one) => one.isCut),
  }
}

/** A search by day, a day to the safe side: what is found is judged to the millisecond. */
function dayAt(time: number): string {
  return new Date(time - DAY).toISOString().slice(0, 10)
}

interface Reference {
  readonly reference?: string
}

interface Period {
  readonly start?: string
  readonly end?: string
}

function patientIn(reference: Reference | undefined): string[] {
  const found = parseReference(reference?.reference)
  return found?.type === 'Patient' ? [found.id] : []
}

function isNow(period: Period | undefined, now: number): boolean {
  return !isAheadAt(period?.start, now) && !isOverAt(period?.end, now)
}

function isOneOf(members: readonly string[], who: Reference | undefined): boolean {
  return who?.reference !== undefined && members.includes(who.reference)
}

function patientOfTeam(team: Resource, { members, now }: Asked): readonly string[] {
  const {
    subject,
    period,
    participant = [],
  } = team as Resource & {
    subject?: Reference
    period?: Period
    participant?: readonly { member?: Reference; period?: Period }[]
  }
  const isOn = participant.some((one) => isOneOf(members, one.member) && isNow(one.period, now))
  return isOn && isNow(period, now) ? patientIn(subject) : []
}

function patientOfEncounter(encounter: Resource, { members, rule, now }: Asked): readonly string[] {
  const {
    subject,
    status,
    period,
    participant = [],
  } = encounter as Resource & {
    subject?: Reference
    status?: string
    period?: Period
    participant?: readonly { individual?: Reference; period?: Period }[]
  }
  const lasts = (times: Period | undefined) =>
    !isAheadAt(times?.start, now) && !isPast(times?.end, rule.afterEncounter, now)
  const isIn = participant.some((one) => isOneOf(members, one.individual) && lasts(one.period))
  // A visit that is over without saying when is over.
  const isCurrent =
    (runningEncounters.includes(status ?? '') && lasts(period)) ||
    (status === 'finished' && period?.end !== undefined && lasts(period)) ||
    (status === 'planned' && isNear(period, rule, now))
  return isIn && isCurrent ? patientIn(subject) : []
}

/** A planned visit counts like an appointment. */
function isNear(period: Period | undefined, rule: CareRule, now: number): boolean {
  const start = period?.start === undefined ? Number.NaN : startOf(period.start)
  return now >= start - rule.beforeAppointment && now < start + rule.afterAppointment
}

/** Whether the end is longer ago than `grace`; an end that cannot be read is. */
function isPast(end: string | undefined, grace: number, now: number): boolean {
  if (end === undefined) return false
  const last = endOf(end)
  return Number.isNaN(last) || now >= last + grace
}

function patientsOfAppointment(appointment: Resource, { members, rule, now }: Asked): readonly string[] {
  const {
    start,
    end,
    participant = [],
  } = appointment as Resource & {
    start?: string
    end?: string
    participant?: readonly { actor?: Reference; status?: string; period?: Period }[]
  }
  const isIn = participant.some((one) => isOneOf(members, one.actor) && one.status !== 'declined')
  const begins = start === undefined ? Number.NaN : startOf(start)
  const isCurrent =
    now >= begins - rule.beforeAppointment && !isPast(end ?? start, rule.afterAppointment, now)
  return isIn && isCurrent ? participant.flatMap(({ actor }) => patientIn(actor)) : []
}
