/** Reading FHIR JSON without trusting its shape: a member of the wrong kind counts as absent. */

export type Members = Readonly<Record<string, unknown>>

/** The value as an object, or nothing. */
export function objectOf(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined
}

/** The objects of an array; a lone object counts as an array of one, anything else as none. */
export function objectsOf(value: unknown): Members[] {
  const items = Array.isArray(value) ? value : [value]
  return items.map(objectOf).filter((item) => item !== undefined)
}

/** The value as text without surrounding space, or nothing when it is no string or empty. */
export function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  return text === '' ? undefined : text
}

/** The non-empty strings of an array. */
export function textsOf(value: unknown): string[] {
  const items = Array.isArray(value) ? value : [value]
  return items.map(textOf).filter((item) => item !== undefined)
}

/** The value as a finite number, or nothing. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** Where `value[x]` style members hide: the first member whose name starts with `stem` and goes on with a capital. */
export function choiceOf(holder: Members, stem: string): { kind: string; value: unknown } | undefined {
  const kindAt = stem.length
  const name = Object.keys(holder).find(
    (key) => key.startsWith(stem) && key.length > kindAt && /[A-Z]/.test(key.charAt(kindAt)),
  )
  return name === undefined ? undefined : { kind: name.slice(kindAt), value: holder[name] }
}
