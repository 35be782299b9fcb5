/** Whose record this is, and which visit. */
import { personFacts, personName, visitText } from '../record/person.js'
import { words } from '../words/words.js'
import { element } from './element.js'

/**
 * The patient banner. Where the EHR already shows one (`need_patient_banner` false), only a heading for screen readers.
 * @param {import('../record/load.js').Record} record
 * @param {{ patient?: string, need_patient_banner?: boolean }} context
 */
export function banner({ patient, encounter }, context) {
  const name =
    (patient.state === 'loaded' && personName(patient.data)) ||
    (context.patient ? words.banner.patient(context.patient) : words.banner.nobody)
  if (context.need_patient_banner === false) {
    return element(
      'div',
      { class: 'slim' },
      element('h1', { class: 'hidden' }, words.banner.trendsOf(name)),
      visit(encounter),
    )
  }
  const facts = patient.state === 'loaded' ? personFacts(patient.data, Date.now()) : []
  return element(
    'div',
    { class: 'banner' },
    element('h1', {}, name),
    element('p', {}, facts.length > 0 ? facts.join(' · ') : unknown(patient)),
    visit(encounter),
  )
}

/** @param {import('../record/load.js').Part} patient */
function unknown(patient) {
  return patient.state === 'withheld' ? words.banner.withheld : words.banner.unknown
}

/** @param {import('../record/load.js').Part} encounter */
function visit(encounter) {
  if (encounter.state === 'absent') return null
  return element(
    'p',
    { class: 'visit' },
    element('b', {}, words.banner.visit),
    encounter.state === 'loaded' ? visitText(encounter.data) : words.banner.visitWithheld,
  )
}
