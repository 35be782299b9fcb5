/** The geometry of a line plot over time: pure numbers, no markup. */

export interface PlotPoint {
  readonly time: number
  readonly value?: number | undefined
}

export interface PlotBox {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export interface Dot {
  readonly x: number
  readonly y: number
  /** Which point of the line it is. */
  readonly index: number
}

export interface PlotLine {
  /** One path for each unbroken stretch. */
  readonly paths: readonly string[]
  readonly dots: readonly Dot[]
}

export interface Plot {
  readonly lines: readonly PlotLine[]
  readonly valueTicks: readonly { readonly at: number; readonly value: number }[]
  readonly timeTicks: readonly { readonly at: number; readonly time: number }[]
  /** Where the band of usual values lies. */
  readonly band?: { readonly top: number; readonly bottom: number }
  /** Whether time ticks need the month to differ. */
  readonly months: boolean
}

const dayMilliseconds = 24 * 60 * 60 * 1000
const yearMilliseconds = 365.25 * dayMilliseconds
const gapFactor = 6
const longestGapMilliseconds = 6 * yearMilliseconds

/** Values between which everything is as usual. */
export interface Band {
  readonly low: number
  readonly high: number
}

/** Lays out lines in a box, with the band in view if there is one; nothing when there is no value at all. */
export function layOutPlot(
  lines: readonly (readonly PlotPoint[])[],
  box: PlotBox,
  band?: Band,
): Plot | undefined {
  const measured = lines.flat().flatMap(({ value }) => (value === undefined ? [] : [value]))
  if (measured.length === 0) return undefined
  const values = niceScale(band ? [...measured, band.low, band.high] : measured)
  const [from, to] = timeSpan(lines.flat().map(({ time }) => time))
  const x = scale([from, to], [box.left, box.width - box.right])
  const y = scale([values.low, values.high], [box.height - box.bottom, box.top])
  const months = to - from < 3 * yearMilliseconds
  return {
    lines: lines.map((points) => layOutLine(points, x, y)),
    valueTicks: values.ticks.map((value) => ({ at: y(value), value })),
    timeTicks: (months ? evenTimes(from, to) : yearStarts(from, to)).map((time) => ({ at: x(time), time })),
    ...(band ? { band: { top: y(band.high), bottom: y(band.low) } } : {}),
    months,
  }
}

function scale(domain: readonly [number, number], range: readonly [number, number]) {
  const stretch = (range[1] - range[0]) / (domain[1] - domain[0])
  return (value: number) => round(range[0] + (value - domain[0]) * stretch)
}

function layOutLine(
  points: readonly PlotPoint[],
  x: (time: number) => number,
  y: (value: number) => number,
): PlotLine {
  const longest = longestStride(points)
  const stretches: Dot[][] = []
  let before: PlotPoint | undefined
  points.forEach((point, index) => {
    const { time, value } = point
    const broken = before?.value === undefined || time - before.time > longest
    before = point
    if (value === undefined) return
    const dot = { x: x(time), y: y(value), index }
    if (broken) stretches.push([dot])
    else stretches.at(-1)?.push(dot)
  })
  return {
    paths: stretches.filter(({ length }) => length > 1).map(pathOf),
    dots: stretches.flat(),
  }
}

/** Points further apart than this are not joined: nothing is known of what lies between. */
function longestStride(points: readonly PlotPoint[]): number {
  const strides = points.slice(1).map(({ time }, index) => time - (points[index]?.time ?? time))
  const ordered = strides.filter((stride) => stride > dayMilliseconds).toSorted((a, b) => a - b)
  const median = ordered[Math.floor(ordered.length / 2)] ?? Number.POSITIVE_INFINITY
  return Math.min(Math.max(median * gapFactor, yearMilliseconds), longestGapMilliseconds)
}

function pathOf(dots: readonly Dot[]): string {
  return dots.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('')
}

/** A value axis from a round number to a round number, in three to six round steps. */
export function niceScale(values: readonly number[]): { low: number; high: number; ticks: number[] } {
  const least = Math.min(...values)
  const most = Math.max(...values)
  const size = Math.max(Math.abs(least), Math.abs(most))
  // Values that differ by less than can be drawn count as one, which gets some room around it.
  const span = most - least > Math.max(size * 1e-6, 1e-9) ? most - least : size * 0.1 || 1
  const step = niceStep(Math.max(span, 1e-9) / 3)
  const first = Math.floor((least - span * 0.05) / step)
  const last = Math.ceil((most + span * 0.05) / step)
  const floor = least >= 0 ? Math.max(first, 0) : first
  const ticks = Array.from({ length: last - floor + 1 }, (_, index) => tidy((floor + index) * step))
  return { low: ticks[0] as number, high: ticks.at(-1) as number, ticks }
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  const factor = [1, 2, 5, 10].find((each) => each * power >= rough * 0.999) ?? 10
  return factor * power
}

function tidy(value: number): number {
  return Number(value.toPrecision(12))
}

function timeSpan(times: readonly number[]): [number, number] {
  const from = Math.min(...times)
  const to = Math.max(...times)
  // A single moment gets a month to either side, so that it has a place to stand.
  return from === to ? [from - 30 * dayMilliseconds, to + 30 * dayMilliseconds] : [from, to]
}

function evenTimes(from: number, to: number): number[] {
  const few = to - from < 90 * dayMilliseconds ? [0.5] : [0.1, 0.5, 0.9]
  return few.map((part) => from + (to - from) * part)
}

function yearStarts(from: number, to: number): number[] {
  const first = new Date(from).getUTCFullYear() + 1
  const last = new Date(to).getUTCFullYear()
  const step = Math.max(1, Math.ceil((last - first + 1) / 5))
  const years = []
  for (let year = last; year >= first; year -= step) years.unshift(Date.UTC(year, 0, 1))
  return years
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
