/** What a request wishes of its reply: `Prefer`, `_pretty`. Wishes that are not known are ignored. @see FHIR R4 http, Prefer; RFC 7240 */
import type { FhirRequest } from './request.ts'

/** What a write is answered with. */
export type Return = 'minimal' | 'representation' | 'OperationOutcome'

export interface Preferences {
  readonly return: Return
  /** Unknown search parameters are an error instead of a note. */
  readonly strict: boolean
  readonly pretty: boolean
}

/** Reads the wishes of a request. */
export function preferencesOf({ headers }: FhirRequest, parameters: URLSearchParams): Preferences {
  const wishes = headers.prefer === undefined ? [] : wishesIn(headers.prefer)
  return {
    return: returnOf(wishes),
    strict: wishes.includes('handling=strict'),
    pretty: parameters.get('_pretty') === 'true',
  }
}

function wishesIn(header: string): string[] {
  return header.split(/[,;]/).map((wish) => wish.trim().replaceAll('"', ''))
}

function returnOf(wishes: readonly string[]): Return {
  if (wishes.includes('return=minimal')) return 'minimal'
  return wishes.includes('return=OperationOutcome') ? 'OperationOutcome' : 'representation'
}
