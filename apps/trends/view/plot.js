/** A plot that can be read point by point with mouse, touch and keyboard. */
import { draw, drawCursor } from '../plot/draw.js'
import { layOut, nearest } from '../plot/geometry.js'
import { words } from '../words/words.js'
import { element, show } from './element.js'
import { readingOf } from './reading.js'

const HEIGHT = 132

/** Draws a plot again when its card changes width. */
const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) target.dispatchEvent(new Event('resized'))
})

/**
 * The picture, in a slider that walks through the readings.
 * @param {import('../record/series.js').Series} series
 * @param {import('../record/series.js').Stop[]} moments
 * @param {(index: number, latest: boolean) => void} tell
 */
export function plot(series, moments, tell) {
  const last = moments.length - 1
  const frame = element('div', {
    class: 'plot',
    role: 'slider',
    tabindex: '0',
    'aria-label': words.reading.byDate(series.title),
    'aria-valuemin': 1,
    'aria-valuemax': moments.length,
    'aria-orientation': 'horizontal',
  })
  let at = last
  /** @type {import('../plot/geometry.js').Geometry | undefined} */
  let geometry
  /** @type {SVGElement | undefined} */
  let cursor

  const point = (/** @type {number} */ index, /** @type {boolean} */ visible) => {
    at = index
    const stop = moments[index]
    if (stop) frame.setAttribute('aria-valuetext', readingOf(series, stop).words)
    frame.setAttribute('aria-valuenow', String(index + 1))
    cursor?.remove()
    const place = geometry?.stops[index]
    if (visible && geometry && place) {
      cursor = drawCursor(geometry, place)
      frame.firstChild?.appendChild(cursor)
    }
    tell(index, !visible && index === last)
  }
  const rest = () => (document.activeElement === frame ? point(at, true) : point(last, false))
  const follow = (/** @type {any} */ event) => {
    if (geometry) point(nearest(geometry.stops, event.clientX - frame.getBoundingClientRect().left), true)
  }
  const press = (/** @type {any} */ event) => {
    const to = stepTo(event.key, at, last)
    if (to === undefined) return
    event.preventDefault()
    point(to, true)
  }
  const redraw = () => {
    if (frame.clientWidth === 0) return
    geometry = layOut(series, { width: frame.clientWidth, height: HEIGHT })
    show(frame, draw(geometry))
  }
  const listeners = {
    pointermove: follow,
    pointerdown: follow,
    pointerleave: rest,
    focus: rest,
    blur: rest,
    keydown: press,
    resized: redraw,
  }
  for (const [name, listener] of Object.entries(listeners)) frame.addEventListener(name, listener)
  resized.observe(frame)
  point(last, false)
  return frame
}

/**
 * Where a key leads from a reading; nothing for keys that don't move.
 * @param {string} key
 * @param {number} at
 * @param {number} last
 */
function stepTo(key, at, last) {
  if (key === 'ArrowLeft' || key === 'ArrowDown') return Math.max(0, at - 1)
  if (key === 'ArrowRight' || key === 'ArrowUp') return Math.min(last, at + 1)
  if (key === 'PageDown') return Math.max(0, at - 10)
  if (key === 'PageUp') return Math.min(last, at + 10)
  if (key === 'Home') return 0
  return key === 'End' ? last : undefined
}
