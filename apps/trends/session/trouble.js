/**
 * What went wrong, in plain words, with the technical text kept apart.
 * @typedef {{ title: string, advice: string, detail: string }} Trouble
 */

const ENDED = {
  title: 'The connection has ended',
  advice: 'Access lasts only a while, and can be taken back at any time. Connect again to go on.',
}

/** @type {readonly { sign: RegExp, title: string, advice: string }[]} */
const KNOWN = [
  { sign: /^access_ended/, ...ENDED },
  {
    sign: /^access_denied/,
    title: 'Access was not given',
    advice: 'Nothing was read from the record. Start again if you change your mind, or close this page.',
  },
  {
    sign: /^(login_required|interaction_required|consent_required)/,
    title: 'You need to sign in',
    advice: 'The server wants you to sign in again before this app can see anything.',
  },
  {
    sign: /^invalid_scope/,
    title: 'The server cannot give what this app asks for',
    advice: 'It refused the list of data this app needs. The person who runs the server can change that.',
  },
  {
    sign: /^(unauthorized_client|invalid_client|invalid_request|unsupported_response_type)/,
    title: 'The server did not accept this app',
    advice:
      'This app is not registered there as it should be. The person who runs the server can change that.',
  },
  {
    sign: /^(server_error|temporarily_unavailable)/,
    title: 'The server has a problem',
    advice: 'This is usually short. Try again in a minute.',
  },
  {
    sign: /invalid_grant/,
    title: 'The connection could not be finished',
    advice: 'The sign-in took too long, or this page was opened twice. Connect again.',
  },
  {
    sign: /No state found|No 'state' parameter|wrong_state/,
    title: 'This page does not belong to a connection you started',
    advice: 'It may come from an old link or another window. For your safety it was not used. Connect again.',
  },
  { sign: /expired|\b401\b/, ...ENDED },
  {
    sign: /PKCE|code_challenge/,
    title: 'The server is too old for this app',
    advice: 'It does not offer the safe way of connecting that this app insists on.',
  },
  {
    sign: /No server url|well-known|CapabilityStatement|conformance|Failed to fetch|NetworkError|Load failed/i,
    title: 'The record server cannot be reached',
    advice: 'Check that it is running and that this app was launched for it, then try again.',
  },
]

/**
 * Explains an error from the server's redirect, the token endpoint or the library.
 * @param {string} message
 * @returns {Trouble}
 */
export function explain(message) {
  const known = KNOWN.find(({ sign }) => sign.test(message))
  return {
    title: known?.title ?? 'Something went wrong',
    advice:
      known?.advice ??
      'The app could not go on. Connect again; if it happens again, the text below may help.',
    detail: message,
  }
}

/**
 * Explains an arrival with an error in its address. Without a connection of ours behind it, anyone may have
 * written that address, so its words are not repeated.
 * @param {{ error: string, description: string, expected: boolean }} refusal
 */
export function explainRefusal({ error, description, expected }) {
  return explain(expected ? [error, description].filter(Boolean).join(': ') : 'wrong_state')
}
