/** Strings, without regard to case and accents; and uris, as they are. @see https://hl7.org/fhir/R4/search.html#string */
import type { StringCondition } from '../plan.ts'
import type { StringValue } from '../rows.ts'
import { isObject, texts } from './json.ts'

const partsOf: Readonly<Record<string, readonly string[]>> = {
  HumanName: ['text', 'family', 'given', 'prefix', 'suffix'],
  Address: ['text', 'line', 'city', 'district', 'state', 'postalCode', 'country'],
}

/** The strings in an element of type `as`: of names and addresses, each part. */
export function stringValues(element: unknown, as: string): StringValue[] {
  const parts = partsOf[as]
  if (!parts) return texts(element).map(stringValue)
  return isObject(element) ? parts.flatMap((part) => texts(element[part])).map(stringValue) : []
}

/** The uri in an element; a canonical is found with and without its version. */
export function uriValues(element: unknown): StringValue[] {
  return texts(element)
    .flatMap((uri) => (uri.includes('|') ? [uri, uri.slice(0, uri.indexOf('|'))] : [uri]))
    .map((uri) => ({ kind: 'string', folded: uri, exact: uri }))
}

function stringValue(exact: string): StringValue {
  return { kind: 'string', folded: fold(exact), exact }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: this is the range of ASCII
const ascii = /^[\x00-\x7f]*$/

/** Small letters without accents, so that `Zoë` is found by `zoe`. */
export function fold(written: string): string {
  if (ascii.test(written)) return written.toLowerCase()
  return written.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}

/** Whether a string is what was asked for. */
export function stringMatches(value: StringValue, { match, text }: StringCondition): boolean {
  switch (match) {
    case 'starts':
      return value.folded.startsWith(text)
    case 'contains':
      return value.folded.includes(text)
    case 'folded':
      return value.folded === text
    case 'exact':
      return value.exact === text
  }
}
