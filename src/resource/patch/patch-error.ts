import { FhirError } from '../outcomes.ts'

/** That a patch cannot be understood, at the operation of this number (from 0). */
export function malformedPatch(at: number, problem: string): FhirError {
  return new FhirError('malformed', { text: `Operation ${at + 1} of the patch: ${problem}.` })
}

/** That a patch was understood and does not fit the resource; the text says nothing of what the resource holds. */
export function unfitPatch(at: number, problem: string): FhirError {
  return new FhirError('unpatched', { text: `Operation ${at + 1} of the patch: ${problem}.` })
}
