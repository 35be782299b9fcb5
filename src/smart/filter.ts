/**
 * The query part of a granular scope: FHIR search items that must all hold.
 * Text here is FHIR search syntax after percent-decoding; how it is matched is the search engine's business,
 * but when one filter is at least as wide as another can be said without it.
 */

/** One `parameter=value`; the parameter carries its modifier or chain, the value may be an OR list. */
export interface FilterItem {
  readonly parameter: string
  readonly value: string
}

/** A conjunction of items; empty means everything. */
export type Filter = readonly FilterItem[]

const parameterShape =
  /^[A-Za-z_][A-Za-z0-9_-]*(?::[A-Za-z][A-Za-z-]*)?(?:\.[A-Za-z_][A-Za-z0-9_-]*(?::[A-Za-z][A-Za-z-]*)?)*$/
/** Conditions at once; comparing two filters compares each with each. */
const mostItems = 10
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
const control = /[\u0000-\u001f\u007f]/

/** Reads the text behind `?` of a scope, whole or not at all. @see SMART App Launch 2.2, finer-grained resource constraints */
export function parseFilter(text: string): Filter | undefined {
  const items: FilterItem[] = []
  const parts = text.split('&')
  if (parts.length > mostItems) return undefined
  for (const part of parts) {
    const item = parseItem(part)
    if (!item) return undefined
    items.push(item)
  }
  return items
}

function parseItem(text: string): FilterItem | undefined {
  const equals = text.indexOf('=')
  if (equals < 1) return undefined
  const parameter = text.slice(0, equals)
  const value = decode(text.slice(equals + 1))
  return value && parameterShape.test(parameter) ? { parameter, value } : undefined
}

function decode(text: string): string | undefined {
  try {
    const value = decodeURIComponent(text)
    return control.test(value) ? undefined : value
  } catch {
    return undefined
  }
}

/** Writes a filter so that {@link parseFilter} reads the same value back. */
export function formatFilter(filter: Filter): string {
  return filter.map((item) => `${item.parameter}=${encode(item.value)}`).join('&')
}

// What cannot stand in a scope token (RFC 6749 §3.3) or would read as something else: `%`, `&`.
const unsafe = /[^\x21\x23-\x24\x27-\x5b\x5d-\x7e]/gu

function encode(value: string): string {
  return value.replace(unsafe, encodeURIComponent)
}

/** The alternatives of an OR list; an escaped comma (`\,`) does not part them. @see FHIR R4 search, escaping */
export function alternatives(value: string): string[] {
  const found: string[] = []
  let start = 0
  for (let at = 0; at < value.length; at++) {
    if (value[at] === '\\') at++
    else if (value[at] === ',') {
      found.push(value.slice(start, at))
      start = at + 1
    }
  }
  found.push(value.slice(start))
  return found
}

/** Only for a plain parameter is a longer OR list a wider one: `:not` and chains may mean the reverse. */
function isPlain(item: FilterItem): boolean {
  return !/[:.]/.test(item.parameter) && item.parameter !== '_filter'
}

/** Whether everything that satisfies `narrow` satisfies `wide`; says no where it cannot tell. */
function itemCovers(wide: FilterItem, narrow: FilterItem): boolean {
  if (wide.parameter !== narrow.parameter) return false
  if (wide.value === narrow.value) return true
  if (!isPlain(wide)) return false
  const admitted = alternativesOf(wide)
  for (const value of alternativesOf(narrow)) if (!admitted.has(value)) return false
  return true
}

// An item is compared with every item of the other side, so its list is read once.
const known = new WeakMap<FilterItem, ReadonlySet<string>>()

function alternativesOf(item: FilterItem): ReadonlySet<string> {
  const found = known.get(item) ?? new Set(alternatives(item.value))
  known.set(item, found)
  return found
}

/** Whether every resource that satisfies `narrow` surely satisfies `wide`: each condition of `wide` follows from one of `narrow`. */
export function filterCovers(wide: Filter, narrow: Filter): boolean {
  return wide.every((item) => narrow.some((other) => itemCovers(item, other)))
}

/** Both filters at once, without conditions that follow from the rest. */
export function conjoin(a: Filter, b: Filter): Filter {
  if (filterCovers(a, b)) return b
  if (filterCovers(b, a)) return a
  const added = b.filter((item) => !filterCovers([item], a))
  return [...a.filter((item) => !filterCovers([item], added)), ...added]
}

/** Longer lists stay whole: what is asked about each part is not worth its cost. */
const mostParts = 100

/**
 * The ways to split a filter into filters that together say the same: one for each plain item with an OR list.
 * A split is for asking whether several scopes cover together what none covers alone.
 */
export function splits(filter: Filter): Filter[][] {
  return filter.flatMap((item, at) => {
    const parts = isPlain(item) ? [...alternativesOf(item)] : []
    if (parts.length < 2 || parts.length > mostParts) return []
    return [parts.map((value) => filter.with(at, { parameter: item.parameter, value }))]
  })
}
