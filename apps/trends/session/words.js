/** Scopes in plain words. */

import { words } from '../words/words.js'
import { PARTS } from './scopes.js'

/** What a scope lets the app do, or nothing when it is not one this app knows. @param {string} scope */
export function scopeWords(scope) {
  const part = Object.values(PARTS).find((one) => one.scope === scope)
  return part ? words.scopes.see(part.name) : (words.scopes.known[scope] ?? '')
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
