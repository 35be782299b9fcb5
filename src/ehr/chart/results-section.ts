import { type Html, html, join } from '../../http/html.ts'
import { flagMark } from './flag-mark.ts'
import { dayOf, type Result, type Test, testsFrom } from './results.ts'
import { day, facts, nothing, part, type SectionView, searchOf, statusMark, truncation } from './section.ts'
import { sparkline } from './sparkline.ts'
import { testDetail } from './test-detail.ts'

/** Laboratory tests by the day of their latest value, or one test alone with all its values. */
export async function resultsSection(view: SectionView): Promise<Html> {
  const found = await searchResults(view)
  const tests = testsFrom(found.resources, view.words.values, view.locale)
  const asked = tests.find(({ key }) => key === view.test)
  if (asked) return testDetail(asked, view)
  if (tests.length === 0) return nothing(view.words.none.results)
  return part(view.words.sections.results, tests.length, [testTable(tests, view), truncation(view, found)])
}

export function searchResults(view: SectionView) {
  return searchOf(view, 'Observation', '&category=laboratory&_sort=-date')
}

/** Tests as a table: the latest value of each, whether it is as usual, and how it went. */
export function testTable(tests: readonly Test[], view: SectionView): Html {
  const { words } = view
  const days = [...Map.groupBy(tests, ({ latest }) => dayOf(latest))]
  return html`<div class="table-scroll"><table class="results">
<caption class="visually-hidden">${words.sections.results}</caption>
<thead><tr><th scope="col">${words.test}</th><th scope="col">${words.value}</th><th scope="col" class="results-trend">${words.trend}</th></tr></thead>
${days.map(([date, group]) => dayRows(date, group, view))}
</table></div>`
}

function dayRows(date: string, tests: readonly Test[], view: SectionView): Html {
  const label = date === '' ? view.words.undated : day(view, date)
  return html`<tbody><tr class="results-day"><th scope="rowgroup" colspan="3">${label}</th></tr>
${join(tests.map((test) => testRow(test, view)))}</tbody>`
}

function testRow({ key, name, latest, results }: Test, view: SectionView): Html {
  const { words } = view
  return html`<tr><th scope="row"><a href="${view.href('results', { test: key })}">${name ?? words.unnamed}</a>
${latest.range && html`<span class="entry-detail">${words.usualIs(latest.range)}</span>`}</th>
<td class="${valueClass(latest)}">${facts([latest.text])} ${flagMark(latest.flag, words)}${statusMark(view, latest.status)}</td>
<td class="results-trend">${sparkline(results) || html`<span class="muted small">${words.moreValues(results.length)}</span>`}</td></tr>`
}

function valueClass({ flag }: Result): string {
  return flag !== undefined && flag !== 'normal' ? 'results-value results-unusual' : 'results-value'
}
