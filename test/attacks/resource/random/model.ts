/**
 * The model: what may be seen and written, one sentence for each rule, resource by resource, with nothing worked out
 * beforehand. It shares no code with the server.
 */
import { compartmentsOf, type Fact, isInRecord, type Kind, shapeOf } from './facts.ts'
import type { Condition, GivenRight, GivenScope, Part, Setting, Withheld } from './setting.ts'

type Letter = GivenScope['letters'][number]

/** Whether a condition holds; nothing where the type has no such parameter. */
function holds(fact: Fact, { parameter, codes, not }: Condition): boolean | undefined {
  if (parameter !== '_security' && !(parameter in shapeOf(fact.type).codes)) return undefined
  const has = (fact.codes[parameter] ?? []).some((code) => codes.includes(code))
  return not ? !has : has
}

/** A grant is for what is surely in it. */
function isSurelyIn(fact: Fact, { type, conditions }: Part): boolean {
  return (type === '*' || type === fact.type) && conditions.every((one) => holds(fact, one) === true)
}

/** A scope reaches the record of the patient in context, and for readers what is nobody's record; or, of a user, anything. */
function isGranted(fact: Fact, letter: Letter, scope: GivenScope, patient: string | undefined): boolean {
  if (!scope.letters.includes(letter) || !isSurelyIn(fact, scope)) return false
  if (scope.level === 'user') return true
  if (patient === undefined) return false
  const isReading = letter === 'r' || letter === 's'
  return isInRecord(fact, patient) || (isReading && shapeOf(fact.type).shared === true)
}

function isOneOfTheirs(fact: Fact, letter: Letter, right: GivenRight): boolean {
  if (!right.letters.includes(letter) || !isSurelyIn(fact, right)) return false
  return right.records === undefined || right.records.some((patient) => isInRecord(fact, patient))
}

/** What cannot be told is withheld. */
function isWithheld(fact: Fact, { type, conditions, compartment, except }: Withheld): boolean {
  if (type !== '*' && type !== fact.type) return false
  const patients = compartmentsOf(fact)
  if (compartment !== undefined && !patients.includes(compartment)) return false
  if (except && patients.length > 0 && patients.every((patient) => except.includes(patient))) return false
  const told = conditions.map((one) => holds(fact, one))
  return told.every((one) => one !== false) || told.includes(undefined)
}

/** Whether somebody has a letter on a resource: by a scope, by a right, and nothing withholds it. */
export function mayHave(fact: Fact, letter: Letter, setting: Setting): boolean {
  return (
    setting.scopes.some((scope) => isGranted(fact, letter, scope, setting.patient)) &&
    setting.rights.some((right) => isOneOfTheirs(fact, letter, right)) &&
    !setting.withheld.some((slice) => isWithheld(fact, slice))
  )
}

/** Whether a resource may be stored as `next`, in place of `before` if that is there. */
export function mayWrite(next: Fact, before: Fact | undefined, letter: Letter, setting: Setting): boolean {
  if (before && !mayHave(before, letter, setting)) return false
  if (!mayHave(next, letter, setting)) return false
  const known = before ? compartmentsOf(before) : []
  const entered = compartmentsOf(next).filter((patient) => !known.includes(patient))
  return entered.every((patient) => mayEnter(next, patient, letter, setting))
}

/** No record is entered along with another: the scope and the right that let in have to be about this one. */
function mayEnter(next: Fact, patient: string, letter: Letter, setting: Setting): boolean {
  const scopes = setting.scopes.filter(({ level }) => level === 'user' || setting.patient === patient)
  const rights = setting.rights.filter(({ records }) => records === undefined || records.includes(patient))
  return (
    scopes.some((scope) => isGranted(next, letter, scope, setting.patient)) &&
    rights.some((right) => isOneOfTheirs(next, letter, right))
  )
}

/** Whether somebody has a letter anywhere on a type: without, a request is refused before it is looked at. */
export function hasLetter(type: Kind, letter: Letter, { scopes, rights, patient }: Setting): boolean {
  const about = (part: Part & { letters: readonly Letter[] }) =>
    part.letters.includes(letter) && (part.type === '*' || part.type === type)
  return (
    scopes.some((scope) => about(scope) && (scope.level === 'user' || patient !== undefined)) &&
    rights.some(about)
  )
}

/** Whether every resource of a type may be had: only then may the writer choose an id. */
export function hasWhole(type: Kind, letter: Letter, { scopes, rights, withheld }: Setting): boolean {
  const whole = (part: Part & { letters: readonly Letter[] }) =>
    part.letters.includes(letter) && (part.type === '*' || part.type === type) && part.conditions.length === 0
  return (
    scopes.some((scope) => whole(scope) && scope.level === 'user') &&
    rights.some((right) => whole(right) && right.records === undefined) &&
    !withheld.some((slice) => slice.type === '*' || slice.type === type)
  )
}
