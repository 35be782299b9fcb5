/** What the app was allowed, for how long, and the way to end it. */
import { LANGUAGE } from '../record/language.js'
import { missing, scopeWords } from '../session/words.js'
import { words } from '../words/words.js'
import { element } from './element.js'

/**
 * @param {any} client fhirclient's client
 * @param {{ reference: string, name: string } | undefined} user
 * @param {() => void} disconnect
 */
export function accessPanel(client, user, disconnect) {
  const token = client.getState('tokenResponse')
  const granted = String(token.scope ?? '')
  const refused = missing(String(client.getState('scope') ?? ''), granted)
  return element(
    'details',
    { class: 'access' },
    element('summary', {}, words.access.title),
    element(
      'dl',
      {},
      facts(client, token, user).flatMap(([name, value]) => [
        element('dt', {}, name),
        element('dd', {}, value),
      ]),
    ),
    element('h3', {}, words.access.given),
    scopeList(granted.split(/\s+/).filter(Boolean)),
    refused.length > 0 && [element('h3', {}, words.access.refused), scopeList(refused)],
    element('button', { type: 'button', class: 'quiet', onclick: disconnect }, words.access.disconnect),
  )
}

/**
 * @param {any} client
 * @param {any} token
 * @param {{ reference: string, name: string } | undefined} user
 * @returns {(readonly [string, import('./element.js').Child])[]}
 */
function facts(client, token, user) {
  const until = new Intl.DateTimeFormat(LANGUAGE, { hour: '2-digit', minute: '2-digit' }).format(
    client.state.expiresAt * 1000,
  )
  return [
    [words.access.signedIn, user?.reference || words.access.notTold],
    [words.access.server, client.state.serverUrl],
    [words.access.patient, token.patient ?? words.access.noPatient],
    [
      words.access.until,
      [
        element('time', { id: 'expires' }, until),
        token.refresh_token ? words.access.renewable : words.access.final,
      ],
    ],
  ]
}

/** @param {readonly string[]} scopes */
function scopeList(scopes) {
  return element(
    'ul',
    { class: 'scopes' },
    scopes.map((scope) => element('li', {}, scopeWords(scope), element('code', {}, scope))),
  )
}
