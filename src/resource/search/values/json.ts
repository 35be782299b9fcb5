/** Careful looks at JSON that nobody has checked. */

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The text, or the empty one when it is no text. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The texts of a member that may hold one, several or none. */
export function texts(value: unknown): string[] {
  const items: unknown[] = Array.isArray(value) ? value : [value]
  return items.filter((item): item is string => typeof item === 'string' && item !== '')
}
