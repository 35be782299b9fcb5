/** CodeableConcepts: what to call them and what identifies them. */

/** @typedef {Record<string, any> | undefined} Concept */

/**
 * What people call it: the text, else the first display, else the first code.
 * @param {Concept} concept
 * @returns {string}
 */
export function nameOf(concept) {
  const codings = codingsOf(concept)
  const name =
    concept?.text ?? codings.find((coding) => coding.display)?.display ?? codings.find((c) => c.code)?.code
  // Zero-width characters, which some code systems put in as line-break hints, would split one name into two.
  return typeof name === 'string' ? name.replace(/[\u200b-\u200d\ufeff]/g, '').trim() : ''
}

/**
 * Its codings, however it was filled in.
 * @param {Concept} concept
 * @returns {Record<string, any>[]}
 */
export function codingsOf(concept) {
  return Array.isArray(concept?.coding) ? concept.coding.filter(Boolean) : []
}

/**
 * One key that is equal for equal concepts.
 * @param {Concept} concept
 */
export function keyOf(concept) {
  const coding = codingsOf(concept).find((candidate) => candidate.code)
  return coding ? `${coding.system ?? ''}|${coding.code}` : `text|${nameOf(concept).toLowerCase()}`
}

/**
 * Whether any of its codings has one of these codes.
 * @param {Concept} concept
 * @param {readonly string[]} codes
 */
export function hasCode(concept, codes) {
  return codingsOf(concept).some((coding) => codes.includes(coding.code))
}
