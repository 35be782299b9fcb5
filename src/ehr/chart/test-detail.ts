import { type Html, html } from '../../http/html.ts'
import { table } from '../../ui/parts.ts'
import { timeOf } from '../fhir/date.ts'
import { flagMark } from './flag-mark.ts'
import { plotFigure } from './plot-figure.ts'
import type { Result, Test } from './results.ts'
import { moment, part, type SectionView, statusMark } from './section.ts'

/** One test alone: its course as a plot, and every value with the range it was judged by. */
export function testDetail(test: Test, view: SectionView): Html {
  const { words } = view
  const name = test.name ?? words.unnamed
  const band = bandOf(test)
  const values = table({
    caption: name,
    columns: [words.date, words.value, words.usual],
    rows: test.results.map((result) => row(result, view)),
  })
  return html`<p><a href="${view.href('results')}">← ${words.backToResults}</a></p>
${part(name, test.results.length, [...plots(test, name, band, view), html`<div class="one-test">${values}</div>`])}`
}

interface UsualBand {
  readonly low: number
  readonly high: number
  readonly unit?: string | undefined
}

/** The newest reference range that has both ends. */
function bandOf({ results }: Test): UsualBand | undefined {
  const bands = results.map(({ low, high, amount }) =>
    low === undefined || high === undefined ? undefined : { low, high, unit: amount?.unit },
  )
  return bands.find((band) => band !== undefined)
}

/** One plot for each unit: numbers of two units share no axis. */
function plots(test: Test, name: string, band: UsualBand | undefined, view: SectionView): Html[] {
  const measured = test.results.filter(({ amount, date }) => amount && timeOf(date) !== undefined)
  const units = [...Map.groupBy(measured, ({ amount }) => amount?.unit)]
  return units.map(([unit, results]) =>
    plotFigure(
      {
        id: `test-${test.key}-${unit ?? ''}`.replaceAll(/[^A-Za-z0-9-]/g, '-'),
        title: view.words.plotTitle(name, unit ?? ''),
        large: true,
        lines: [{ points: results.map(pointOf).toReversed() }],
        ...(band && band.unit === unit ? { band } : {}),
      },
      view,
    ),
  )
}

function pointOf({ date = '', amount }: Result) {
  return { date, time: timeOf(date) ?? 0, value: amount?.value }
}

function row(result: Result, view: SectionView) {
  return [
    moment(view, result.date),
    html`${result.text} ${flagMark(result.flag, view.words)}${statusMark(view, result.status)}${
      result.range !== undefined &&
      html`<span class="entry-detail range-below">${view.words.usualIs(result.range)}</span>`
    }`,
    result.range ?? '',
  ]
}
