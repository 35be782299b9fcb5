import { type Html, html, type Piece } from '../../http/html.ts'
import { table } from '../../ui/parts.ts'
import { formatNumber } from '../fhir/quantity.ts'
import { plotFigure } from './plot-figure.ts'
import { testsFrom } from './results.ts'
import { testTable } from './results-section.ts'
import { day, moment, nothing, part, type SectionView, searchOf, truncation } from './section.ts'
import { digitsOf } from './vital-kinds.ts'
import { isWordy, type Line, type VitalSign, vitalSignsFrom } from './vitals.ts'

/** Vital signs, each plotted over time, with the same numbers as a table. */
export async function vitalsSection(view: SectionView): Promise<Html> {
  const found = await searchVitals(view)
  const signs = vitalSignsFrom(found.resources)
  const wordy = testsFrom(found.resources.filter(isWordy), view.words.values, view.locale)
  if (signs.length + wordy.length === 0) return nothing(view.words.none.vitals)
  return html`<div class="plots">${signs.map((sign) => signCard(sign, view))}</div>
${wordy.length > 0 && part(view.words.otherVitals, wordy.length, testTable(wordy, view))}
${truncation(view, found)}`
}

/** Old generators misspelled the category; what they measured counts. */
export function searchVitals(view: SectionView) {
  return searchOf(view, 'Observation', '&category=vital-signs,vital-sign&_sort=-date')
}

/** What a sign is called in the reader's words. */
export function signName({ kind, name }: VitalSign, view: SectionView): string {
  return kind ? view.words.vitals[kind] : (name ?? view.words.unnamed)
}

/** The latest reading, `120/80 mmHg` for a pressure, with its day. */
export function latestOf(sign: VitalSign, view: SectionView): { text: string; date: string | undefined } {
  const latest = sign.lines.map(({ points }) => points.findLast(({ value }) => value !== undefined))
  const date = latest[0]?.date
  const numbers = latest
    .filter((point) => point?.value !== undefined && point.date === date)
    .map((point) => formatNumber(point?.value ?? 0, view.locale, digitsOf(sign.kind)))
  return { text: `${numbers.join('/')}\u00a0${sign.unit ?? ''}`.trim(), date }
}

function signCard(sign: VitalSign, view: SectionView): Html {
  const { words } = view
  const name = signName(sign, view)
  const latest = latestOf(sign, view)
  const title = words.plotTitle(name, sign.unit ?? '')
  const lines = sign.lines.map((line) => ({ ...line, name: lineName(line, view) }))
  const id = `sign-${sign.key}`.replaceAll(/[^A-Za-z0-9-]/g, '-')
  return html`<section class="card plot-card"><h2>${name}</h2>
<p class="plot-latest"><strong>${latest.text}</strong> <span class="muted small">${day(view, latest.date)}</span></p>
${plotFigure({ id, title, lines, digits: digitsOf(sign.kind) }, view)}
<details><summary>${words.asTable}</summary>${numbersTable(title, { ...sign, lines }, view)}</details></section>`
}

function lineName({ key, name }: Line, view: SectionView): string | undefined {
  return view.words.lines[key] ?? name
}

function numbersTable(caption: string, { kind, lines }: VitalSign, view: SectionView): Html {
  const dates = [...new Set(lines.flatMap(({ points }) => points.map(({ date }) => date)))].toSorted()
  const columns = lines.map(({ name }) => (lines.length > 1 ? name : view.words.value))
  return table({
    caption,
    columns: [view.words.date, ...columns],
    rows: dates
      .toReversed()
      .map((date) => [
        moment(view, date),
        ...lines.map(({ points }): Piece => valueAt(points, date, kind, view)),
      ]),
  })
}

function valueAt(points: Line['points'], date: string, kind: VitalSign['kind'], view: SectionView): string {
  const point = points.find((each) => each.date === date)
  return point?.value === undefined
    ? view.words.values.noValue
    : formatNumber(point.value, view.locale, digitsOf(kind))
}
