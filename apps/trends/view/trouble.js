/** The page for when it did not work. */

import { words } from '../words/words.js'
import { element } from './element.js'

/**
 * @param {import('../session/trouble.js').Trouble} trouble
 * @param {() => void} again
 */
export function troubleView({ title, advice, detail }, again) {
  return element(
    'div',
    { class: 'sheet', role: 'alert' },
    element('h1', {}, title),
    element('p', {}, advice),
    element(
      'div',
      { class: 'actions' },
      element('button', { type: 'button', id: 'again', onclick: again }, words.trouble.again),
    ),
    detail &&
      element('details', {}, element('summary', {}, words.trouble.details), element('pre', {}, detail)),
  )
}
