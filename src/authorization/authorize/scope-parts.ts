/**
 * The parts that a broad scope can be narrowed to on the consent page: the categories of US Core for the classes that
 * have them, and classes of data for a wildcard. Every part is a scope of its own. @see SCOPE-25 to SCOPE-27, CONS-05
 */
import { coversScope } from '../../smart/grant.ts'
import { formatScope, type ResourceScope, type Scope } from '../../smart/scope.ts'
import type { FilterSupport } from '../ports.ts'

const hl7 = 'http://terminology.hl7.org/CodeSystem'
const usCore = 'http://hl7.org/fhir/us/core/CodeSystem'

/** The categories of each class, as tokens with their system. */
export const categories: Readonly<Record<string, readonly string[]>> = {
  Observation: [
    ...['laboratory', 'vital-signs', 'social-history', 'survey', 'imaging'].map(
      (code) => `${hl7}/observation-category|${code}`,
    ),
    // Clinical tests and social determinants of health, by the codes that US Core has for them.
    `${hl7}/observation-category|procedure`,
    `${usCore}/us-core-category|sdoh`,
  ],
  Condition: [
    `${hl7}/condition-category|problem-list-item`,
    `${hl7}/condition-category|encounter-diagnosis`,
    `${usCore}/condition-category|health-concern`,
  ],
  DocumentReference: [`${usCore}/us-core-documentreference-category|clinical-note`],
}

/** The classes that a wildcard can be narrowed to. */
export const wildcardClasses: readonly string[] = [
  'Patient',
  'Condition',
  'Observation',
  'DiagnosticReport',
  'AllergyIntolerance',
  'Immunization',
  'MedicationRequest',
  'Procedure',
  'Encounter',
  'CarePlan',
  'CareTeam',
  'Goal',
  'DocumentReference',
  'Coverage',
]

/** The parts of one scope, none where it cannot be narrowed; `offered` are all scopes of the page, which are no parts. */
export function scopeParts(
  scope: Scope,
  offered: readonly Scope[],
  supportsFilter: FilterSupport,
): ResourceScope[] {
  if (scope.kind !== 'resource' || scope.filter.length > 0) return []
  const asked = new Set(offered.map(formatScope))
  return partsOf(scope, supportsFilter).filter(
    // What is on the page for itself is ticked for itself; and a part is never more than what it is a part of.
    (part) => !asked.has(formatScope(part)) && coversScope([scope], part),
  )
}

function partsOf(scope: ResourceScope, supportsFilter: FilterSupport): ResourceScope[] {
  if (scope.type === '*') return wildcardClasses.map((type) => ({ ...scope, type }))
  return (categories[scope.type] ?? [])
    .map((value) => [{ parameter: 'category', value }])
    .filter((filter) => supportsFilter(scope.type, filter))
    .map((filter) => ({ ...scope, filter, version: 2 }))
}
