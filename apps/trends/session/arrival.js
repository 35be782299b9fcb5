/**
 * How someone came to the page: fresh, refused by the server, or with a connection to resume.
 * @typedef {{ kind: 'start' } | { kind: 'refused', error: string, description: string, expected: boolean } | { kind: 'resume' }} Arrival
 */

/** The member of the session storage under which fhirclient keeps the key of the current connection. */
const CURRENT = 'SMART_KEY'

/**
 * Reads the address and the session storage; nothing in the address is trusted.
 * @param {URL} url
 * @param {Pick<Storage, 'getItem'>} storage
 * @returns {Arrival}
 */
export function arrivalOf(url, storage) {
  const { searchParams } = url
  const state = searchParams.get('state')
  const error = searchParams.get('error')
  if (error !== null) {
    const expected = state !== null && storage.getItem(state) !== null
    return { kind: 'refused', error, description: searchParams.get('error_description') ?? '', expected }
  }
  if (searchParams.has('code') || state !== null || connected(storage)) return { kind: 'resume' }
  return { kind: 'start' }
}

/**
 * Whether a finished connection is kept: one that was begun and abandoned has a key but no token.
 * @param {Pick<Storage, 'getItem'>} storage
 */
function connected(storage) {
  try {
    const key = JSON.parse(storage.getItem(CURRENT) ?? 'null')
    return Boolean(key && JSON.parse(storage.getItem(key) ?? 'null')?.tokenResponse?.access_token)
  } catch {
    return false
  }
}

/**
 * Forgets the current connection and its tokens.
 * @param {Storage} storage
 */
export function forget(storage) {
  const key = storage.getItem(CURRENT)
  if (key) storage.removeItem(JSON.parse(key))
  storage.removeItem(CURRENT)
}
