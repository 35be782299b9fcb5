/**
 * Is this a resource of R4? Members, cardinalities, primitive formats and the invariants that are errors
 * (https://hl7.org/fhir/R4/validation.html); codes are not looked up in value sets, profiles are not applied.
 */
import type { OperationOutcomeIssue, Resource as R4Resource } from '@medplum/fhirtypes'
import { resourceTypes } from '../../smart/compartment.r4.ts'
import type { Resource } from '../../smart/resource.ts'
import { isBase64, valueAt } from './base64.ts'
import { medplum } from './medplum.ts'
import { misshapen } from './shape.ts'
import { loadStructure } from './structures.ts'

export interface Issue {
  /** A code of the issue-type code system, such as `structure` or `invariant`. */
  readonly code: string
  /** The element, such as `Patient.birthDate`; the resource type when it is the whole resource. */
  readonly expression: string
  readonly text: string
}

const knownTypes = new Set(resourceTypes)

/** The errors in `resource`, empty when it is valid. Never throws, whatever the JSON holds. */
export function validate(resource: Resource): Issue[] {
  for (const type of typesWithin(resource)) {
    if (!knownTypes.has(type))
      return [{ code: 'structure', expression: type, text: `${type} is no resource type of R4` }]
    loadStructure(type)
  }
  const shapeIssues = misshapen(resource, resource.resourceType).map(({ expression, expected }) => ({
    code: 'structure',
    expression,
    text: `Expected ${expected}`,
  }))
  if (shapeIssues.length > 0) return shapeIssues
  try {
    medplum().validateResource(resource as unknown as R4Resource)
    return []
  } catch (error) {
    return issuesOf(error, resource.resourceType).filter((issue) => !isBase64After(issue, resource))
  }
}

/** The resource's own type and those of the resources inside it (contained, Bundle entries, Parameters). */
function typesWithin(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) typesWithin(item, found)
  else if (typeof value === 'object' && value !== null) {
    if ('resourceType' in value && typeof value.resourceType === 'string') found.add(value.resourceType)
    for (const member of Object.values(value)) typesWithin(member, found)
  }
  return found
}

function issuesOf(error: unknown, type: string): Issue[] {
  if (!(error instanceof medplum().OperationOutcomeError)) {
    return [{ code: 'structure', expression: type, text: 'The resource has a shape that cannot be checked' }]
  }
  return (error.outcome.issue ?? [])
    .filter((issue) => issue.severity === 'error')
    .map((issue) => issueOf(issue, type))
}

/** White space in base64 is allowed, whatever the validator says. */
function isBase64After({ text, expression }: Issue, resource: Resource): boolean {
  return text.startsWith('Invalid base64Binary') && isBase64(valueAt(resource, expression))
}

function issueOf(issue: OperationOutcomeIssue, type: string): Issue {
  return {
    code: issue.code ?? 'invalid',
    expression: issue.expression?.[0] ?? type,
    text: issue.details?.text ?? issue.diagnostics ?? 'Invalid',
  }
}
