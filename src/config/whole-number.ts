import { z } from 'zod'

const digits = /^\d{1,9}$/

/** A whole number from a flag, the environment or the file, written in digits and nothing else: an empty text or a `true` is none. */
export function wholeNumber(least: number, most: number) {
  const problem = `a whole number from ${least} to ${most} is expected`
  return z
    .unknown()
    .transform((value) => (typeof value === 'string' && digits.test(value) ? Number(value) : value))
    .pipe(z.number(problem).int(problem).min(least, problem).max(most, problem))
}
