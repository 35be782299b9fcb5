/** What the app asks for, and what it may do with what it was given. */
import { words } from '../words/words.js'

const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category'

/** One part of the page, the scope that feeds it, and what to call it. */
export const PARTS = Object.freeze({
  patient: {
    scope: 'patient/Patient.r',
    type: 'Patient',
    letters: 'r',
    category: '',
    name: words.parts.patient,
  },
  encounter: {
    scope: 'patient/Encounter.r',
    type: 'Encounter',
    letters: 'r',
    category: '',
    name: words.parts.encounter,
  },
  vitals: observationPart('vital-signs', words.parts.vitals),
  laboratory: observationPart('laboratory', words.parts.laboratory),
  problems: {
    scope: 'patient/Condition.rs',
    type: 'Condition',
    letters: 's',
    category: '',
    name: words.parts.problems,
  },
})

const RECORD = Object.values(PARTS).map((part) => part.scope)

/** @param {string} category @param {string} name */
function observationPart(category, name) {
  return {
    scope: `patient/Observation.rs?category=${CATEGORY}|${category}`,
    type: 'Observation',
    letters: 's',
    category,
    name,
  }
}

/** Scopes of a launch from an EHR or a portal: its context, who is signed in, and the record while they stay online. */
export const EHR_LAUNCH = [
  'launch',
  'launch/patient',
  'launch/encounter',
  'openid',
  'fhirUser',
  'online_access',
  ...RECORD,
].join(' ')

/**
 * Scopes of a standalone launch: the server is asked to have a patient chosen, and on wish a visit too.
 * @param {boolean} withVisit
 */
export function standaloneScopes(withVisit) {
  return [
    'launch/patient',
    ...(withVisit ? ['launch/encounter'] : []),
    'openid',
    'fhirUser',
    'offline_access',
    ...RECORD,
  ].join(' ')
}

/**
 * Whether the granted scopes let the app load a part of the page. The server decides in the end; this only
 * spares a request that would be refused, and lets the page say why a part is empty.
 * @param {string} granted
 * @param {{ type: string, letters: string, category: string }} part
 */
export function mayLoad(granted, part) {
  return granted.split(/\s+/).some((token) => {
    const parts = /^(?:patient|user)\/([A-Za-z]+|\*)\.([a-z*]+)(?:\?(.+))?$/.exec(token)
    if (!parts) return false
    const [, type, letters, query] = parts
    return (
      (type === '*' || type === part.type) &&
      lettersOf(letters ?? '').includes(part.letters) &&
      reaches(query, part.category)
    )
  })
}

/** @param {string} letters */
function lettersOf(letters) {
  if (letters === 'read') return 'rs'
  if (letters === 'write') return 'cud'
  return letters === '*' ? 'cruds' : letters
}

/** @param {string | undefined} query @param {string} category */
function reaches(query, category) {
  if (!query) return true
  const wanted = new URLSearchParams(query).getAll('category').flatMap((value) => value.split(','))
  // Some other filter may still let part of the data through, so it is worth asking.
  return wanted.length === 0 || wanted.some((value) => value.split('|').at(-1) === category)
}
