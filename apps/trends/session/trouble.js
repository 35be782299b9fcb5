/**
 * What went wrong, in plain words, with the technical text kept apart.
 * @typedef {{ title: string, advice: string, detail: string }} Trouble
 */
import { words } from '../words/words.js'

const said = words.trouble

/** @type {readonly (readonly [sign: RegExp, words: { title: string, advice: string }])[]} */
const KNOWN = [
  [/^access_ended/, said.ended],
  [/^access_denied/, said.denied],
  [/^(login_required|interaction_required|consent_required)/, said.signIn],
  [/^invalid_scope/, said.scope],
  [/^(unauthorized_client|invalid_client|invalid_request|unsupported_response_type)/, said.app],
  [/^(server_error|temporarily_unavailable)/, said.server],
  [/invalid_grant/, said.unfinished],
  [/No state found|No 'state' parameter|wrong_state/, said.foreign],
  [/expired|\b401\b/, said.ended],
  [/PKCE|code_challenge/, said.old],
  [
    /No server url|well-known|CapabilityStatement|conformance|Failed to fetch|NetworkError|Load failed/i,
    said.unreachable,
  ],
]

/**
 * Explains an error from the server's redirect, the token endpoint or the library.
 * @param {string} message
 * @returns {Trouble}
 */
export function explain(message) {
  const [, told = said.other] = KNOWN.find(([sign]) => sign.test(message)) ?? []
  return { ...told, detail: message }
}

/**
 * Explains an arrival with an error in its address. Without a connection of ours behind it, anyone may have
 * written that address, so its words are not repeated.
 * @param {{ error: string, description: string, expected: boolean }} refusal
 */
export function explainRefusal({ error, description, expected }) {
  return explain(expected ? [error, description].filter(Boolean).join(': ') : 'wrong_state')
}
