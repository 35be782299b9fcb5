/** The page for someone who opened the app by itself. */
import { element } from './element.js'

/** @param {(withVisit: boolean) => void} connect */
export function startView(connect) {
  return element(
    'div',
    { class: 'sheet' },
    element('h1', {}, 'See how the numbers move'),
    element(
      'p',
      {},
      'Trends draws vital signs and laboratory results over time. It reads the record you choose and keeps nothing: close this window and it is forgotten.',
    ),
    element(
      'div',
      { class: 'actions' },
      element('button', { type: 'button', id: 'connect', onclick: () => connect(false) }, 'Connect'),
      element(
        'button',
        { type: 'button', id: 'connect-visit', class: 'quiet', onclick: () => connect(true) },
        'Connect for one visit',
      ),
    ),
    element(
      'p',
      { class: 'note' },
      'You sign in at the record server, choose whose record to open, and decide what this app may see there. It can also be opened from a chart or from the patient portal.',
    ),
  )
}
