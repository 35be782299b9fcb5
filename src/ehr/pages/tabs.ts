import { type Html, html } from '../../http/html.ts'
import type { ChartWords, SectionId } from '../chart/section.ts'
import { sectionIds } from '../chart/sections.ts'

/** The sections of a record as links, the present one marked. */
export function tabs(current: SectionId, words: ChartWords, href: (section: SectionId) => string): Html {
  return html`<nav class="tabs" aria-label="${words.sectionsLabel}"><ul>${sectionIds.map(
    (id) =>
      html`<li><a href="${href(id)}"${id === current && html` aria-current="page"`}>${words.sections[id]}</a></li>`,
  )}</ul></nav>`
}
