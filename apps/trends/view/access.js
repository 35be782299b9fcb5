/** What the app was allowed, for how long, and the way to end it. */
import { LANGUAGE } from '../record/language.js'
import { missing, scopeWords } from '../session/words.js'
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
    element('summary', {}, 'What this app may see'),
    element(
      'dl',
      {},
      facts(client, token, user).flatMap(([name, value]) => [
        element('dt', {}, name),
        element('dd', {}, value),
      ]),
    ),
    element('h3', {}, 'Given'),
    scopeList(granted.split(/\s+/).filter(Boolean)),
    refused.length > 0 && [element('h3', {}, 'Asked for, not given'), scopeList(refused)],
    element('button', { type: 'button', class: 'quiet', onclick: disconnect }, 'Disconnect'),
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
    ['Signed in', user?.reference || 'not told to this app'],
    ['Record server', client.state.serverUrl],
    ['Patient', token.patient ?? 'none'],
    [
      'Access until',
      [
        element('time', { id: 'expires' }, until),
        token.refresh_token ? ', can be renewed' : ', cannot be renewed',
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
