/** People and visits in words, from resources that may be filled in sparsely. */

import { words } from '../words/words.js'
import { nameOf } from './concept.js'
import { formatAge, formatMoment, parseMoment } from './time.js'

/** The name to call someone by: the official or usual one, in its own text if it has one. @param {Record<string, any> | undefined} person */
export function personName(person) {
  const names = Array.isArray(person?.name) ? person.name : person?.name ? [person.name] : []
  const name = names.find((n) => n.use === 'usual') ?? names.find((n) => n.use === 'official') ?? names[0]
  if (!name) return ''
  const parts = [...(name.prefix ?? []), ...(name.given ?? []), name.family, ...(name.suffix ?? [])]
  return (name.text ?? parts.filter(Boolean).join(' ')).trim()
}

/** Sex, birth date and age or date of death, each only if known. @param {Record<string, any>} patient @param {number} now milliseconds */
export function personFacts(patient, now) {
  const born = parseMoment(patient.birthDate)
  const died = parseMoment(patient.deceasedDateTime)
  const age = formatAge(patient.birthDate, died?.at ?? now)
  return [
    genderWord(patient.gender),
    born ? words.person.born(formatMoment(born)) : '',
    age && (died ? words.person.lived(age) : age),
    died ? words.person.died(formatMoment(died)) : patient.deceasedBoolean ? words.person.deceased : '',
  ].filter(Boolean)
}

/** @param {unknown} gender */
function genderWord(gender) {
  if (typeof gender !== 'string' || gender === '') return ''
  return words.person.genders[gender] ?? gender.charAt(0).toUpperCase() + gender.slice(1)
}

/** A visit in one line: what kind, when. @param {Record<string, any>} encounter */
export function visitText(encounter) {
  const kind =
    nameOf(encounter.type?.[0]) || encounter.class?.display || encounter.class?.code || words.person.visit
  const start = parseMoment(encounter.period?.start)
  return start ? `${kind}, ${formatMoment(start)}` : kind
}

/**
 * Conditions that still hold come first, newest first within each; withdrawn ones are left out.
 * @param {readonly Record<string, any>[]} conditions
 */
export function problemsOf(conditions) {
  return conditions
    .filter(
      (one) =>
        one?.resourceType === 'Condition' && !codeIs(one.verificationStatus, ['entered-in-error', 'refuted']),
    )
    .map((one) => ({
      name: nameOf(one.code) || words.person.unnamedProblem,
      active: isActive(one),
      since: sinceOf(one),
    }))
    .sort((a, b) => Number(b.active) - Number(a.active) || (b.since?.at ?? 0) - (a.since?.at ?? 0))
}

/** @param {Record<string, any>} condition */
function isActive(condition) {
  return (
    !codeIs(condition.clinicalStatus, ['resolved', 'remission', 'inactive']) && !condition.abatementDateTime
  )
}

/** @param {Record<string, any>} condition */
function sinceOf(condition) {
  return parseMoment(condition.onsetDateTime ?? condition.onsetPeriod?.start ?? condition.recordedDate)
}

/** @param {Record<string, any> | undefined} concept @param {readonly string[]} codes */
function codeIs(concept, codes) {
  return (concept?.coding ?? []).some((/** @type {any} */ coding) => codes.includes(coding?.code))
}
