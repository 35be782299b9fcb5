/** Shapes of the identifiers that FHIR puts into paths and references. */

const fhirId = /^[A-Za-z0-9\-.]{1,64}$/

/** Whether `text` can be the logical id of a resource. @see FHIR R4 datatypes, `id` */
export function isFhirId(text: string): boolean {
  return fhirId.test(text)
}

/** A relative literal reference taken apart. */
export interface Reference {
  readonly type: string
  readonly id: string
  readonly version?: string
}

const relative = /^([A-Z][A-Za-z]{0,63})\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/([A-Za-z0-9\-.]{1,64}))?$/

/** Reads `Type/id` or `Type/id/_history/version`; absolute, contained and logical references give nothing. */
export function parseReference(text: unknown): Reference | undefined {
  // Longest legal form: two ids, a type name and the word between them. Longer text is not looked at.
  const parts = typeof text === 'string' && text.length < 256 ? relative.exec(text) : null
  if (!parts?.[1] || !parts[2]) return undefined
  return parts[3] === undefined
    ? { type: parts[1], id: parts[2] }
    : { type: parts[1], id: parts[2], version: parts[3] }
}
