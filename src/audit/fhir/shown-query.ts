/**
 * A request as text. A patient's form keeps of it only what can name nobody else: a search may have named other people,
 * or records that a policy withholds.
 */
import type { AskedOf } from '../fhir-access.ts'
import type { View } from './view.ts'

/** Parameters that say what kind of data or how much of it was asked for, never whose. */
const telling = new Set(
  [
    '_count _sort _summary _elements _total _include _revinclude _lastUpdated _type _since',
    'category code status type class intent priority severity vaccine-code clinical-status verification-status',
    'date onset-date recorded-date authored authoredon issued period effective-time',
  ].flatMap((names) => names.split(' ')),
)
const patientNames = new Set(['patient', 'subject'])
const leftOut = '…'

/** The request of a search, a history or an operation, as one line. */
export function requestText(asked: AskedOf, base: string, view: View): string {
  const query = view.patient === undefined ? asked.query : shownQuery(asked.query, view.patient)
  const place = placeOf(asked, view)
  return `GET ${base}${place && `/${place}`}${query ? `?${query}` : ''}`
}

function placeOf({ compartment, type, id, operation }: AskedOf, { patient }: View): string {
  const whose = (reference: string) =>
    patient === undefined || reference === `Patient/${patient}` ? reference : undefined
  const parts = [
    ...(compartment === undefined ? [] : [whose(compartment) ?? leftOut]),
    ...(id === undefined
      ? [type ?? '']
      : [whose(`${type}/${id}`) ?? (type === 'Patient' ? leftOut : `${type}/${leftOut}`)]),
    ...(operation === undefined ? [] : [`$${operation}`]),
  ]
  return parts.filter(Boolean).join('/')
}

function shownQuery(query: string | undefined, patient: string): string {
  const asked = [...new URLSearchParams(query)]
  const kept = asked.filter(([name, value]) => isShown(name, value, patient))
  const text = new URLSearchParams(kept).toString()
  if (kept.length === asked.length) return text
  return text === '' ? leftOut : `${text}&${leftOut}`
}

function isShown(name: string, value: string, patient: string): boolean {
  if (patientNames.has(name)) return value === patient || value === `Patient/${patient}`
  return telling.has(name.split(':')[0] ?? '') && !name.includes('.')
}
