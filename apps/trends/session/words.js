/** Scopes in plain words. */
import { PARTS } from './scopes.js'

/** @type {Record<string, string>} */
const WORDS = {
  launch: 'Be opened from the record and know what is open there',
  'launch/patient': 'Know which patient is meant',
  'launch/encounter': 'Know which visit is meant',
  openid: 'Know that you are signed in',
  fhirUser: 'Know who you are in the record',
  profile: 'Know who you are in the record',
  online_access: 'Renew its access while you are signed in',
  offline_access: 'Renew its access also when you are away',
}

/** What a scope lets the app do, or nothing when it is not one this app knows. @param {string} scope */
export function scopeWords(scope) {
  const part = Object.values(PARTS).find((one) => one.scope === scope)
  return part ? `See ${part.name}` : (WORDS[scope] ?? '')
}

/**
 * The scopes that were asked for and not given: neither themselves nor a wider one of the same kind.
 * @param {string} asked
 * @param {string} granted
 */
export function missing(asked, granted) {
  const given = new Set(granted.split(/\s+/))
  const bare = (/** @type {string} */ scope) => scope.split('?')[0] ?? ''
  return asked.split(/\s+/).filter((scope) => scope && !given.has(scope) && !given.has(bare(scope)))
}
