/** The page for someone who opened the app by itself. */

import { words } from '../words/words.js'
import { element } from './element.js'

/** @param {(withVisit: boolean) => void} connect */
export function startView(connect) {
  return element(
    'div',
    { class: 'sheet' },
    element('h1', {}, words.start.title),
    element('p', {}, words.start.lead),
    element(
      'div',
      { class: 'actions' },
      element(
        'button',
        { type: 'button', id: 'connect', onclick: () => connect(false) },
        words.start.connect,
      ),
      element(
        'button',
        { type: 'button', id: 'connect-visit', class: 'quiet', onclick: () => connect(true) },
        words.start.connectVisit,
      ),
    ),
    element('p', { class: 'note' }, words.start.note),
  )
}
