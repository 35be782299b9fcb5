/** Where a page of audit events ends, as the position of a page link: the record, and the form of it that was last. */
import type { KeptRecord, TrailPlace, TrailReader } from '../../audit/reader.ts'
import { formatCursor } from '../search/cursor.ts'
import type { Position, SearchPlan } from '../search/plan.ts'
import { type Form, mostForms } from './forms.ts'

/** A place to go on from: after this form of this record. */
export interface FormPlace extends TrailPlace {
  readonly at: number
}

/** The page link's position after a form. */
export function cursorAfter({ record, at }: Form, { sort }: SearchPlan): string {
  return formatCursor({ row: record.seq * mostForms + at, values: sort.map(() => record.time) })
}

/** The page link's position behind all forms of a record. */
export function cursorBehind({ seq, time }: TrailPlace, { sort }: SearchPlan): string {
  return formatCursor({ row: seq * mostForms + mostForms - 1, values: sort.map(() => time) })
}

/** The place a position names; nothing when its record is gone, and everything after it with it. */
export async function placeOf({ row }: Position, trail: TrailReader): Promise<FormPlace | undefined> {
  const seq = Math.floor(row / mostForms)
  const record = await trail.find(seq)
  return record && { seq, time: record.time, at: row % mostForms }
}

/** The number of the first form of a record that comes after the place. */
export function firstAfter({ seq }: KeptRecord, place: FormPlace | undefined): number {
  return place?.seq === seq ? place.at + 1 : 0
}
