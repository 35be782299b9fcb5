/** One parameter of an operation as it was sent, and the refusal of one that cannot be taken. */
import type { Resource } from '../../smart/resource.ts'
import { FhirError } from '../outcomes.ts'

/** What was given under one name: a text, or a resource. */
export interface Item {
  readonly name: string
  readonly value: string | Resource
}

/** Longer names are nobody's, and are told back. */
const longestName = 64

/** That a parameter cannot be taken as it is. */
export function badParameter(name: string, text: string): FhirError {
  return new FhirError('parameter', { text: `${name.slice(0, longestName)}: ${text}.` })
}
