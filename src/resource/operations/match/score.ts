/**
 * How likely two people are one: what agrees adds, what contradicts takes away, what is unknown does neither. The weights
 * are such that nobody is a certain match without a shared identifier, and nobody a possible one by names alone.
 * They are documented in `docs/guides/operations.md`; change both. @see FHIR R4 Patient operations, match
 */
import type { Demographics } from './demographics.ts'

/** How sure a match is, as the `match-grade` extension has it. */
export type Grade = 'certain' | 'probable' | 'possible'

/** A score from 0 to 1, and the grade it stands for; no grade is no match. */
export interface Likeness {
  readonly score: number
  readonly grade: Grade | undefined
}

interface Weight {
  readonly agree: number
  readonly contradict: number
  /** Nothing when one side says nothing. */
  readonly compare: (asked: Demographics, known: Demographics) => boolean | undefined
}

const weights: readonly Weight[] = [
  { agree: 60, contradict: -20, compare: sameIdentifier },
  { agree: 25, contradict: -30, compare: (asked, known) => same(asked.birthDate, known.birthDate) },
  { agree: 15, contradict: -10, compare: (asked, known) => overlap(asked.families, known.families) },
  { agree: 10, contradict: -15, compare: (asked, known) => overlap(asked.givens, known.givens) },
  { agree: 5, contradict: -10, compare: (asked, known) => same(asked.gender, known.gender) },
  { agree: 10, contradict: 0, compare: (asked, known) => overlap(asked.telecoms, known.telecoms) },
  { agree: 10, contradict: 0, compare: (asked, known) => overlap(asked.addresses, known.addresses) },
]

const thresholds: readonly (readonly [Grade, number])[] = [
  ['certain', 0.8],
  ['probable', 0.5],
  ['possible', 0.3],
]

/** Compares who is asked for with somebody known. */
export function likeness(asked: Demographics, known: Demographics): Likeness {
  const sum = weights.reduce((total, { agree, contradict, compare }) => {
    const agrees = compare(asked, known)
    return agrees === undefined ? total : total + (agrees ? agree : contradict)
  }, 0)
  const score = Math.min(100, Math.max(0, sum)) / 100
  return { score, grade: thresholds.find(([, least]) => score >= least)?.[0] }
}

/** Identifiers contradict only within one system. */
function sameIdentifier(asked: Demographics, known: Demographics): boolean | undefined {
  const pairs = asked.identifiers.flatMap((one) =>
    known.identifiers.filter(({ system }) => system === one.system).map(({ value }) => value === one.value),
  )
  return pairs.length === 0 ? undefined : pairs.includes(true)
}

function same(asked: string | undefined, known: string | undefined): boolean | undefined {
  return asked === undefined || known === undefined ? undefined : asked === known
}

function overlap(asked: readonly string[], known: readonly string[]): boolean | undefined {
  return asked.length === 0 || known.length === 0 ? undefined : asked.some((one) => known.includes(one))
}
