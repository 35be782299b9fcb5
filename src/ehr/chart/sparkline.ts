import { type Html, html } from '../../http/html.ts'
import { timeOf } from '../fhir/date.ts'
import { layOutPlot, type PlotBox } from './plot.ts'
import type { Result } from './results.ts'

const box: PlotBox = { width: 120, height: 32, left: 4, right: 4, top: 4, bottom: 4 }
const mostDots = 12

/** The course of a test as a small picture beside its latest value; nothing below two numbers. It only repeats what a link leads to. */
export function sparkline(results: readonly Result[]): Html | false {
  const points = results
    .filter(({ amount }) => amount !== undefined)
    .map(({ date, amount }) => ({ time: timeOf(date), value: amount?.value }))
    .filter((point): point is { time: number; value: number } => point.time !== undefined)
    .toSorted((a, b) => a.time - b.time)
  const [line] = layOutPlot([points], box)?.lines ?? []
  if (!line || points.length < 2) return false
  const last = line.dots.at(-1)
  const dots = line.dots.length <= mostDots ? line.dots : last ? [last] : []
  return html`<svg class="sparkline" viewBox="0 0 ${box.width} ${box.height}" width="${box.width}" height="${box.height}" aria-hidden="true">${line.paths.map(
    (path) => html`<path class="plot-line" d="${path}"/>`,
  )}${dots.map(({ x, y }) => html`<circle class="plot-dot" cx="${x}" cy="${y}" r="${x === last?.x ? 3 : 1.5}"/>`)}</svg>`
}
