/** Tokens: codes, identifiers, flags. @see https://hl7.org/fhir/R4/search.html#token */
import type { TokenCondition } from '../plan.ts'
import type { TokenValue } from '../rows.ts'
import { splitValue, unescapeValue } from './escapes.ts'
import { isObject, text } from './json.ts'

const present: TokenValue = { kind: 'token', system: '', code: '' }

/** The tokens in an element of type `as`; one without code stands for an element that has none. */
export function tokenValues(element: unknown, as: string): TokenValue[] {
  switch (as) {
    case 'CodeableConcept':
      return conceptValues(element)
    case 'Coding':
      return isObject(element) ? [token(element.system, element.code)] : []
    case 'Identifier':
    case 'ContactPoint':
      return isObject(element) ? [token(element.system, element.value)] : []
    default:
      return typeof element === 'object' ? [] : [token('', String(element))]
  }
}

/** One answer for a whole resource: is there a value other than false? */
export function truthValue(elements: readonly unknown[]): TokenValue {
  return token('', String(elements.some((element) => element !== false)))
}

function conceptValues(element: unknown): TokenValue[] {
  if (!isObject(element)) return []
  const codings = Array.isArray(element.coding) ? element.coding : []
  const values = codings.filter(isObject).map((coding) => token(coding.system, coding.code))
  return values.length > 0 ? values : [present]
}

function token(system: unknown, code: unknown): TokenValue {
  const codeText = text(code)
  return codeText === '' ? present : { kind: 'token', system: text(system), code: codeText }
}

/** Reads `code`, `system|code`, `system|` or `|code`; nothing when it is none of them. */
export function parseToken(value: string): TokenCondition | undefined {
  const parts = splitValue(value, '|').map(unescapeValue)
  const [first = '', second] = parts
  if (parts.length > 2 || (first === '' && !second)) return undefined
  if (second === undefined) return { kind: 'token', code: first }
  return { kind: 'token', system: first, ...(second !== '' && { code: second }) }
}

/** Codes and identifiers are compared as written: most systems tell upper from lower case. */
export function tokenMatches(value: TokenValue, asked: TokenCondition): boolean {
  return (
    (asked.code === undefined || value.code === asked.code) &&
    (asked.system === undefined || value.system === asked.system)
  )
}
