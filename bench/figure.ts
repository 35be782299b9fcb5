/** One thing measured, beside what it is measured against in the same run. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly reference: number
  /** What the reference is, in a few words. */
  readonly against: string
  /** `value / reference`, or the other way round where the caller says so; the median of paired slices where there are pairs. */
  readonly ratio: number
  readonly target?: Target
}

/** What was promised for a figure. */
export interface Target {
  readonly text: string
  readonly met: boolean
}

/** A target on a number that has to be at least, or at most, so large. */
export function target(what: string, value: number, relation: '≥' | '≤', limit: number, unit = ''): Target {
  const met = relation === '≥' ? value >= limit : value <= limit
  return { text: `${what} ${relation} ${limit}${unit === '' ? '' : ` ${unit}`}`, met }
}

/** Name, value, unit, reference, ratio and target, in one line. */
export function formatFigure({ name, value, unit, reference, against, ratio, target: goal }: Figure): string {
  const verdict = goal === undefined ? '' : `  ${goal.met ? 'met' : 'MISSED'}: ${goal.text}`
  const measured = `${round(value)} ${unit}`
  return `${name.padEnd(34)} ${measured.padStart(22)}  reference ${round(reference)} (${against})  ratio ${ratio.toFixed(2)}${verdict}`
}

function round(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}

/** The middle of the numbers; the mean of the two middle ones when they are even in number. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]]
  if (low === undefined || high === undefined) throw new RangeError('nothing to take the median of')
  return (low + high) / 2
}
