/** References and canonical urls. @see https://hl7.org/fhir/R4/search.html#reference */
import { isFhirId, parseReference } from '../../../smart/ids.ts'
import type { ReferenceCondition } from '../plan.ts'
import type { ReferenceValue, TokenValue } from '../rows.ts'
import { unescapeValue } from './escapes.ts'
import { isObject, text, texts } from './json.ts'
import { tokenValues } from './token.ts'

/** What an element of type `as` points to; `only` keeps the references to one type. */
export function referenceValues(element: unknown, as: string, only?: string): ReferenceValue[] {
  if (as !== 'Reference') return only ? [] : texts(element).flatMap(canonicalValues)
  if (!isObject(element)) return []
  const value = literalValue(text(element.reference))
  if (only) return value?.type === only ? [value] : []
  // An element that names nothing we can look up is there all the same.
  return [value ?? { kind: 'reference', type: '', id: '', url: '' }]
}

/** The identifier by which an element of type Reference names its target, for `:identifier`. */
export function identifierValues(element: unknown, as: string): TokenValue[] {
  return as === 'Reference' && isObject(element) && element.identifier !== undefined
    ? tokenValues(element.identifier, 'Identifier')
    : []
}

function literalValue(reference: string): ReferenceValue | undefined {
  if (reference === '' || reference.startsWith('#')) return undefined
  const relative = parseReference(reference)
  return relative
    ? { kind: 'reference', type: relative.type, id: relative.id, url: '' }
    : { kind: 'reference', type: '', id: '', url: reference }
}

function canonicalValues(canonical: string): ReferenceValue[] {
  const whole = literalValue(canonical)
  const bar = canonical.indexOf('|')
  const unversioned = bar > 0 ? literalValue(canonical.slice(0, bar)) : undefined
  return [whole, unversioned].filter((value) => value !== undefined)
}

/**
 * Reads `id`, `Type/id` or a url; a url under `base` is ours and means `Type/id`. `types` are those that are meant by
 * a bare id. Nothing when it is none of them.
 */
export function parseReferenceValue(
  value: string,
  types: readonly string[],
  base: string,
): ReferenceCondition[] | undefined {
  const written = unescapeValue(value)
  const local = base !== '' && written.startsWith(`${base}/`) ? written.slice(base.length + 1) : written
  const relative = parseReference(local)
  if (relative) {
    // A type that the parameter cannot point to has no match; asking for it is no error.
    return types.length > 1 || types.length === 0 || types.includes(relative.type)
      ? [{ kind: 'reference', type: relative.type, id: relative.id }]
      : []
  }
  if (isFhirId(local)) {
    const [only] = types
    return [{ kind: 'reference', ...(types.length === 1 && { type: only }), id: local }]
  }
  return /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(local) ? [{ kind: 'reference', url: local }] : undefined
}

/** Whether a reference points to what was asked for. */
export function referenceMatches(value: ReferenceValue, asked: ReferenceCondition): boolean {
  if (asked.url !== undefined) return value.url === asked.url
  return value.id === asked.id && value.id !== '' && (asked.type === undefined || value.type === asked.type)
}
