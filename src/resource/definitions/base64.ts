/**
 * Is a text base64 as R4 writes it? It may be broken into lines, which the validator's own check refuses.
 * @see https://hl7.org/fhir/R4/datatypes.html#base64Binary
 */

// Its length is looked at beside it: an expression of groups has no room on the stack for what is as long as a body.
const characters = /^[A-Za-z\d+/=]+$/
const path = /^[A-Za-z]\w*(?:\[x\])?|\[\d+\]/g

/** Whether the value is groups of four characters with white space between them. */
export function isBase64(value: unknown): boolean {
  if (typeof value !== 'string') return false
  const pieces = value.split(/\s+/).filter((piece) => piece !== '')
  return pieces.length > 0 && pieces.every((piece) => piece.length % 4 === 0 && characters.test(piece))
}

/** The value at a path as the validator writes it, such as `Device.udiCarrier[0].carrierAIDC` or `Basic.value[x]`. */
export function valueAt(resource: object, expression: string): unknown {
  const [, ...steps] = expression.split('.').flatMap((step) => step.match(path) ?? [])
  return steps.reduce<unknown>((value, step) => {
    if (typeof value !== 'object' || value === null) return undefined
    const name = step.startsWith('[') ? step.slice(1, -1) : nameOf(value, step)
    return Object.hasOwn(value, name) ? value[name as keyof typeof value] : undefined
  }, resource)
}

function nameOf(value: object, step: string): string {
  if (!step.endsWith('[x]')) return step
  const stem = step.slice(0, -'[x]'.length)
  return (
    Object.keys(value).find((name) => name.startsWith(stem) && /^[A-Z]/.test(name.slice(stem.length))) ?? step
  )
}
