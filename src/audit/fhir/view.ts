/**
 * The forms in which one record is shown: whole, for administrators, and once for each patient it concerns, with nobody
 * else in it. A whole form is in no patient's compartment; a patient's form is in that patient's alone.
 * @see IHE ITI BALP 1.1.4, one AuditEvent for each patient
 */
import { createHash } from 'node:crypto'
import { concernedBy } from '../concerned.ts'
import type { AuditEvent } from '../event.ts'

/** For whom a record is shown; without a patient it is shown whole. */
export interface View {
  readonly patient?: string
}

/** The code system of the tag that tells the forms apart, in `meta.tag`. */
export const viewTagSystem = 'urn:chartkey:audit'
/** Characters of the digest that stands for a patient in an id: it says no number and no name. */
const digestLength = 16

/** All the forms of a record, the whole one first. */
export function viewsOf(event: AuditEvent): View[] {
  return [{}, ...concernedBy(event).map((patient) => ({ patient }))]
}

/** `whole` or `patient` */
export function viewTag({ patient }: View): string {
  return patient === undefined ? 'whole' : 'patient'
}

/** The logical id of one form of the record with that sequence number. */
export function viewId(seq: number, { patient }: View): string {
  return patient === undefined ? String(seq) : `${seq}.${digest(patient)}`
}

/** The sequence number in an id; nothing when it cannot be one. */
export function parseViewId(id: string): number | undefined {
  const found = /^([1-9]\d{0,11})(?:\.[0-9a-f]+)?$/.exec(id)
  return found ? Number(found[1]) : undefined
}

function digest(patient: string): string {
  return createHash('sha256').update(patient).digest('hex').slice(0, digestLength)
}
