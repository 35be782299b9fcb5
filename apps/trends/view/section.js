/** A section of the page that shows one part of the record, or says why it cannot. */

import { words } from '../words/words.js'
import { element } from './element.js'

let sections = 0

/**
 * @param {string} title
 * @param {import('../record/load.js').Part} part
 * @param {string} name what the part is called in a sentence
 * @param {(data: any) => import('./element.js').Child} content nothing when there is no data
 */
export function section(title, part, name, content) {
  const id = `section-${++sections}`
  const shown = part.state === 'loaded' ? content(part.data) : null
  const body = shown ?? element('p', { class: 'empty' }, reason(part, name))
  const detail =
    part.state === 'failed' &&
    element('details', {}, element('summary', {}, words.record.details), element('pre', {}, part.detail))
  return element(
    'section',
    { class: 'part', 'aria-labelledby': id },
    element('h2', { id }, title),
    body,
    detail,
  )
}

/** @param {import('../record/load.js').Part} part @param {string} name */
function reason(part, name) {
  const { withheld, forbidden, failed, absent, empty } = words.record
  if (part.state === 'withheld') return withheld(name)
  if (part.state === 'failed') return part.status === 403 ? forbidden(name) : failed(name)
  return part.state === 'absent' ? absent(name) : empty(name)
}
