/** Times in the settings: a whole number and its unit, such as `60s`, `10m`, `12h` or `90d`. */
import { z } from 'zod'

const SECOND = 1000
const units = { s: SECOND, m: 60 * SECOND, h: 60 * 60 * SECOND, d: 24 * 60 * 60 * SECOND } as const

const expected = 'a time with its unit is expected, such as 60s, 10m, 12h or 90d'

/** What a time may be, each limit in the same form. */
interface Limits {
  readonly least: string
  readonly most: string
  readonly standard: string
}

/** A time within its limits, in milliseconds; its default is in milliseconds too. */
export function duration({ least, most, standard }: Limits) {
  return z
    .string(expected)
    .transform((text, context) => {
      const value = parseDuration(text)
      const [from, to] = [parseDuration(least) ?? 0, parseDuration(most) ?? 0]
      if (value !== undefined && value >= from && value <= to) return value
      const message = value === undefined ? expected : `has to be from ${least} to ${most}`
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    })
    .default(parseDuration(standard) ?? 0)
}

/** Milliseconds; nothing when it is no time. */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,9})([smhd])$/.exec(text.trim()) ?? []
  return digits === undefined ? undefined : Number(digits) * units[unit as keyof typeof units]
}
