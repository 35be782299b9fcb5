/**
 * Enforces that a Bundle asks for no more than the site allows: its entries, and those of them that may each cost much,
 * for whom the limits of a single request would not hold. @see docs/guides/operations.md
 */
import type { Interaction } from '../../smart/interaction.ts'
import { isChange } from '../../smart/operations.ts'
import { FhirError } from '../outcomes.ts'

export interface BundleLimits {
  readonly bundleEntries: number
  /** Entries that search, read a history or call an operation. */
  readonly bundleQuestions: number
}

/** Of a server that was told nothing. */
export const standardLimits: BundleLimits = { bundleEntries: 5000, bundleQuestions: 500 }

/** Refuses a list that is too long, before any of it is looked at. */
export function checkAmount(entries: number, { bundleEntries }: BundleLimits): void {
  if (entries > bundleEntries)
    throw new FhirError('tooLarge', { text: `The Bundle has more than ${bundleEntries} entries.` })
}

/** Refuses too many questions, before any of them is answered. */
export function checkQuestions(
  entries: readonly { readonly asked?: Interaction }[],
  { bundleQuestions }: BundleLimits,
): void {
  if (entries.filter(({ asked }) => asked && isQuestion(asked)).length > bundleQuestions)
    throw new FhirError('tooCostly', {
      text: `The Bundle has more than ${bundleQuestions} entries that search, read a history or call an operation.`,
    })
}

function isQuestion(asked: Interaction): boolean {
  if (asked.kind === 'operation') return !isChange(asked)
  return asked.kind.startsWith('search-') || asked.kind.startsWith('history-')
}
