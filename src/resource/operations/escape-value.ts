/** Text as one search value: what would part it is escaped. @see FHIR R4 search, escaping */

/** Writes `text` so that a search reads it back whole. */
export function escapeValue(text: string): string {
  return text.replace(/[\\,|$]/g, '\\$&')
}
