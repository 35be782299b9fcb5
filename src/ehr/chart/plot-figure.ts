import { type Html, html, type Piece } from '../../http/html.ts'
import { formatDay } from '../../ui/format.ts'
import { axisLabel, formatDateTime } from '../fhir/date.ts'
import { formatNumber } from '../fhir/quantity.ts'
import { type Band, layOutPlot, type Plot, type PlotBox } from './plot.ts'
import type { SectionView } from './section.ts'
import type { Point } from './vitals.ts'

/** What a plot shows. */
export interface FigureParts {
  /** Unique on the page. */
  readonly id: string
  readonly title: string
  readonly lines: readonly { readonly name?: string | undefined; readonly points: readonly Point[] }[]
  /** What is usual, as a band behind the lines. */
  readonly band?: Band
  readonly large?: boolean
  /** Digits behind the point of a value. */
  readonly digits?: number | undefined
}

const small: PlotBox = { width: 340, height: 160, left: 38, right: 10, top: 12, bottom: 24 }
const large: PlotBox = { width: 480, height: 200, left: 52, right: 12, top: 12, bottom: 26 }

/** A plot as a picture with a name and a description; the numbers themselves must stand beside it as text. */
export function plotFigure(parts: FigureParts, view: SectionView): Html {
  const box = parts.large ? large : small
  const plot = layOutPlot(
    parts.lines.map(({ points }) => points),
    box,
    parts.band,
  )
  if (!plot) return html``
  return html`${parts.lines.length > 1 && legend(parts)}
<svg class="plot${parts.large && ' plot-large'}" viewBox="0 0 ${box.width} ${box.height}" role="img" aria-labelledby="${parts.id}-title ${parts.id}-desc">
<title id="${parts.id}-title">${parts.title}</title><desc id="${parts.id}-desc">${description(parts, view)}</desc>
${axes(plot, box, view)}${parts.lines.map((line, index) => drawnLine(plot, index, line.points, (point) => told(point, parts, view)))}</svg>`
}

function description({ lines }: FigureParts, view: SectionView): string {
  const points = lines[0]?.points.filter(({ value }) => value !== undefined) ?? []
  const day = (point: Point | undefined) => (point ? formatDay(view.locale, point.date) : '')
  return view.words.plotText(points.length, day(points[0]), day(points.at(-1)))
}

function axes(plot: Plot, box: PlotBox, view: SectionView): Piece {
  const end = box.width - box.right
  return [
    plot.band &&
      html`<rect class="plot-band" x="${box.left}" width="${end - box.left}" y="${plot.band.top}" height="${plot.band.bottom - plot.band.top}"/>`,
    plot.valueTicks.map(
      ({ at, value }) =>
        html`<line class="plot-axis" x1="${box.left}" x2="${end}" y1="${at}" y2="${at}"/><text class="plot-text" x="${box.left - 6}" y="${at + 4}" text-anchor="end">${formatNumber(value, view.locale)}</text>`,
    ),
    plot.timeTicks.map(
      ({ at, time }) =>
        html`<text class="plot-text" x="${at}" y="${box.height - 6}" text-anchor="${anchorAt(at, box)}">${axisLabel(time, view.locale, plot.months)}</text>`,
    ),
  ]
}

/** A label at an edge is written inwards. */
function anchorAt(x: number, { width }: PlotBox): string {
  const reach = 20
  if (x < reach) return 'start'
  return x > width - reach ? 'end' : 'middle'
}

function drawnLine(
  plot: Plot,
  index: number,
  points: readonly Point[],
  tell: (point: Point | undefined) => string,
): Html {
  const line = plot.lines[index]
  const kind = index === 0 ? '' : `-${index + 1}`
  return html`${line?.paths.map((path) => html`<path class="plot-line${kind && ` plot-line${kind}`}" d="${path}"/>`)}${line?.dots.map(
    ({ x, y, index: at }) =>
      html`<circle class="plot-dot${kind && ` plot-dot${kind}`}" cx="${x}" cy="${y}" r="2.5"><title>${tell(points[at])}</title></circle>`,
  )}`
}

function told(point: Point | undefined, { digits }: FigureParts, view: SectionView): string {
  if (point?.value === undefined) return ''
  return `${formatDateTime(point.date, view.locale)}: ${formatNumber(point.value, view.locale, digits)}`
}

function legend({ lines }: FigureParts): Html {
  return html`<ul class="plot-legend" aria-hidden="true">${lines.map(
    ({ name }, index) => html`<li class="plot-key plot-key-${index + 1}">${name}</li>`,
  )}</ul>`
}
