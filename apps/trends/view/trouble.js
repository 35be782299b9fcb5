/** The page for when it did not work. */
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
      element('button', { type: 'button', id: 'again', onclick: again }, 'Start again'),
    ),
    detail && element('details', {}, element('summary', {}, 'Technical details'), element('pre', {}, detail)),
  )
}
