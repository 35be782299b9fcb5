/**
 * Loads the parts of the record that were granted. A part without a scope is not asked for, and one that
 * fails does not take the others with it.
 * @typedef {{ state: 'loaded', data: any } | { state: 'withheld' } | { state: 'absent' } | { state: 'failed', status: number, detail: string }} Part
 * @typedef {{ patient: Part, encounter: Part, vitals: Part, laboratory: Part, problems: Part }} Record
 */
import { mayLoad, PARTS } from '../session/scopes.js'

const CATEGORIES = 'http://terminology.hl7.org/CodeSystem/observation-category'
const PAGE = 200

/**
 * @param {any} client fhirclient's client
 * @param {(count: number) => void} progress told how many resources have come so far
 * @returns {Promise<Record>}
 */
export async function loadRecord(client, progress) {
  const { patient, encounter, scope = '' } = client.getState('tokenResponse')
  let count = 0
  const arrived = (/** @type {number} */ more) => {
    count += more
    progress(count)
  }
  const search = (/** @type {string} */ query) => searchAll(client, query, arrived)
  const about = `patient=${encodeURIComponent(patient)}&_count=${PAGE}`
  const observations = (/** @type {string} */ category) =>
    search(`Observation?${about}&category=${encodeURIComponent(`${CATEGORIES}|${category}`)}`)

  const [vitals, laboratory, problems, person, visit] = await Promise.all([
    part(scope, PARTS.vitals, patient, () => observations('vital-signs')),
    part(scope, PARTS.laboratory, patient, () => observations('laboratory')),
    part(scope, PARTS.problems, patient, () => search(`Condition?${about}`)),
    part(scope, PARTS.patient, patient, () => client.request(`Patient/${patient}`)),
    part(scope, PARTS.encounter, encounter, () => client.request(`Encounter/${encounter}`)),
  ])
  return { patient: person, encounter: visit, vitals, laboratory, problems }
}

/**
 * Every resource a search finds, through all pages.
 * @param {any} client
 * @param {string} query
 * @param {(more: number) => void} arrived
 */
async function searchAll(client, query, arrived) {
  /** @type {any[]} */
  const found = []
  const onPage = (/** @type {any[]} */ page) => {
    found.push(...page)
    arrived(page.length)
  }
  await client.request(query, { pageLimit: 0, flat: true, onPage })
  return found
}

/**
 * @param {string} scope
 * @param {typeof PARTS[keyof typeof PARTS]} wanted
 * @param {string | undefined} context the id it hangs on
 * @param {() => Promise<any>} load
 * @returns {Promise<Part>}
 */
async function part(scope, wanted, context, load) {
  if (!context) return { state: 'absent' }
  if (!mayLoad(scope, wanted)) return { state: 'withheld' }
  try {
    return { state: 'loaded', data: await load() }
  } catch (error) {
    // Without a valid token nothing else will work either; the page as a whole says so.
    if (statusOf(error) === 401) throw error
    return {
      state: 'failed',
      status: statusOf(error),
      detail: error instanceof Error ? error.message : String(error),
    }
  }
}

/** @param {any} error */
function statusOf(error) {
  return Number(error?.status ?? 0)
}
