/** A laid-out series as an SVG picture. It is hidden from screen readers: the slider around it and the table speak. */
import { formatNumber } from '../record/quantity.js'
import { shape } from '../view/element.js'

/** More points than this stand too close for a mark on each. */
const MARKS = 60

/**
 * @param {import('./geometry.js').Geometry} plot
 * @returns {SVGElement}
 */
export function draw(plot) {
  const { width, height } = plot
  return shape(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, width, height, 'aria-hidden': 'true', focusable: 'false' },
    plot.band &&
      shape('rect', {
        class: 'band',
        x: plot.left,
        y: plot.band.top,
        width: plot.right - plot.left,
        height: plot.band.bottom - plot.band.top,
      }),
    plot.numbers.map((tick) => numberTick(plot, tick)),
    plot.times.map((tick) => timeTick(plot, tick)),
    pairs(plot),
    lines(plot),
  )
}

/**
 * The upright line and the rings that mark one stop.
 * @param {import('./geometry.js').Geometry} plot
 * @param {import('./geometry.js').Stop} stop
 */
export function drawCursor(plot, stop) {
  return shape(
    'g',
    { class: 'cursor' },
    shape('line', { x1: stop.x, x2: stop.x, y1: plot.top - 4, y2: plot.bottom }),
    stop.ys.map(
      (y, line) => y !== undefined && shape('circle', { class: `line-${line}`, cx: stop.x, cy: y, r: 5 }),
    ),
  )
}

/** @param {import('./geometry.js').Geometry} plot @param {{ y: number, value: number }} tick */
function numberTick({ left, right }, { y, value }) {
  return shape(
    'g',
    { class: 'tick' },
    shape('line', { x1: left, x2: right, y1: y, y2: y }),
    shape('text', { x: left - 7, y: y + 4, 'text-anchor': 'end' }, formatNumber(value)),
  )
}

/** Half the width of a character of a label, about. */
const HALF_CHARACTER = 3.5

/** @param {import('./geometry.js').Geometry} plot @param {{ x: number, label: string }} tick */
function timeTick({ bottom, width, height }, { x, label }) {
  const anchor = x + label.length * HALF_CHARACTER > width ? 'end' : 'middle'
  return shape(
    'g',
    { class: 'tick' },
    shape('line', { x1: x, x2: x, y1: bottom, y2: bottom + 4 }),
    shape('text', { x, y: height - 4, 'text-anchor': anchor }, label),
  )
}

/** The bars that join what belongs together, as systolic and diastolic do. @param {import('./geometry.js').Geometry} plot */
function pairs({ stops }) {
  return stops.map(({ x, ys }) => {
    const [first, second] = ys
    return (
      first !== undefined &&
      second !== undefined &&
      shape('line', { class: 'pair', x1: x, x2: x, y1: first, y2: second })
    )
  })
}

/** @param {import('./geometry.js').Geometry} plot */
function lines({ stops }) {
  const count = stops[0]?.ys.length ?? 0
  return Array.from({ length: count }, (_, line) => {
    const points = stops.flatMap(({ x, ys }) => (ys[line] === undefined ? [] : [{ x, y: ys[line] }]))
    const path = points
      .map(({ x, y }, index) => `${index ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`)
      .join('')
    const marks = points.length <= MARKS ? points : points.slice(-1)
    return shape(
      'g',
      { class: `line line-${line}` },
      shape('path', { d: path }),
      marks.map((point) => mark(point, line)),
    )
  })
}

/** The second line has square marks, so the two differ by more than colour. @param {{ x: number, y: number }} point @param {number} line */
function mark({ x, y }, line) {
  return line === 0
    ? shape('circle', { cx: x, cy: y, r: 2.6 })
    : shape('rect', { x: x - 2.3, y: y - 2.3, width: 4.6, height: 4.6 })
}
