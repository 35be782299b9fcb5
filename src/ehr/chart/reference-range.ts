import { codesOf, hasCode } from '../fhir/concept.ts'
import { type Members, objectsOf } from '../fhir/shape.ts'

/** The range of an Observation that says what is normal: one typed so, else the only one without type. */
export function normalRangeOf(referenceRange: unknown): Members | undefined {
  const ranges = objectsOf(referenceRange)
  const untyped = ranges.filter(({ type }) => codesOf(type).length === 0)
  // Several ranges without type are for several kinds of people: none is surely this patient's.
  return ranges.find(({ type }) => hasCode(type, 'normal')) ?? (untyped.length === 1 ? untyped[0] : undefined)
}
