/** What is said of a mistake in the settings: which one it is, and what is expected there. What was given is not repeated. */
import type { z } from 'zod'

/** A mistake as it is found, before there are words for it. */
type Mistake = z.core.$ZodRawIssue

const kinds: Readonly<Record<string, string>> = {
  string: 'a text is expected',
  number: 'a number is expected',
  int: 'a whole number is expected',
  boolean: 'true or false is expected',
  array: 'a list is expected, as in [a, b]',
  object: 'settings with names are expected, as in { name: value }',
  record: 'settings with names are expected, as in { name: value }',
}

/** The words for a mistake where the setting has none of its own. */
export function wordsFor(mistake: Mistake): string | undefined {
  switch (mistake.code) {
    case 'invalid_type': {
      if (mistake.input === undefined) return 'is missing'
      const isBare = mistake.expected === 'string' && ['number', 'boolean'].includes(typeof mistake.input)
      return isBare ? 'a text is expected: put it in quotes' : kinds[mistake.expected]
    }
    case 'invalid_value':
      return `one of ${mistake.values.map(String).join(', ')} is expected`
    case 'unrecognized_keys':
      return 'there is no such setting'
    case 'too_small':
      return mistake.minimum === 1 && mistake.origin !== 'number' ? 'is empty' : undefined
    default:
      return undefined
  }
}

/** The names that lead to it. One that is not known is the last itself. */
export function placeOf(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  return issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path
}
