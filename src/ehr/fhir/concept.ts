import { objectOf, objectsOf, textOf } from './shape.ts'

/** Words for a CodeableConcept (or a lone Coding): its text, else a display, else a code. */
export function conceptText(value: unknown): string | undefined {
  const concept = objectOf(value)
  if (!concept) return undefined
  const codings = codingsOf(value)
  return textOf(concept.text) ?? firstText(codings, 'display') ?? firstText(codings, 'code')
}

/** The codes of a CodeableConcept or Coding, whatever their systems. */
export function codesOf(value: unknown): string[] {
  return codingsOf(value)
    .map((coding) => textOf(coding.code))
    .filter((code) => code !== undefined)
}

/** Whether one of several concepts (a category list, say) has this code. */
export function hasCode(value: unknown, code: string): boolean {
  return objectsOf(value).some((concept) => codesOf(concept).includes(code))
}

/** The first code of a status-like CodeableConcept such as `clinicalStatus`. */
export function statusCode(value: unknown): string | undefined {
  return codesOf(value)[0]
}

function codingsOf(value: unknown) {
  const concept = objectOf(value)
  if (!concept) return []
  return concept.coding === undefined ? [concept] : objectsOf(concept.coding)
}

function firstText(codings: ReturnType<typeof codingsOf>, member: string): string | undefined {
  return codings.map((coding) => textOf(coding[member])).find((text) => text !== undefined)
}
